// Boost.JSON from its headers, so that a plugin needs no installed library and shares none with the
// host.
#include <boost/json/src.hpp>
