#include "core/home/evaluations/evaluation_repair.hpp"

#include <Poco/Data/SQLite/Connector.h>
#include <Poco/Data/Session.h>
#include <doctest/doctest.h>

#include "tests/support/temporary_directory.hpp"

using namespace jarvis;
using jarvis::testing::TemporaryDirectory;
using Poco::Data::Keywords::now;
namespace fs = std::filesystem;

namespace {

struct Store {
  TemporaryDirectory home;
  fs::path file = home.path() / "evaluations.db";
  fs::path mark = home.path() / "evaluations.db.suspect";

  void run_sql(const std::string& sql) const {
    Poco::Data::SQLite::Connector::registerConnector();
    Poco::Data::Session session("SQLite", file.string());
    session << sql, now;
  }
  std::ptrdiff_t files() const { return std::distance(fs::directory_iterator(home.path()), {}); }
};

}  // namespace

TEST_CASE("evaluation repair: what is not there, is empty or of a newer program stays so") {
  const Store store;
  CHECK(repair_evaluations(store.file)->empty());
  CHECK(store.files() == 0);
  store.home.write("evaluations.db", "");
  CHECK(repair_evaluations(store.file)->empty());
  store.run_sql("CREATE TABLE schema_version (version INTEGER)");
  CHECK(repair_evaluations(store.file)->empty());
  CHECK(store.files() == 1);
}

TEST_CASE("evaluation repair: a suspicion has all of it looked at, and ends with that") {
  const Store store;
  store.run_sql("CREATE TABLE runs (key TEXT PRIMARY KEY)");
  store.run_sql("INSERT INTO runs VALUES ('a')");
  suspect_evaluations(store.file);
  CHECK(fs::exists(store.mark));
  CHECK(repair_evaluations(store.file)->empty());
  CHECK_FALSE(fs::exists(store.mark));
}

TEST_CASE("evaluation repair: one that is damaged is kept under another name, which is said") {
  const Store store;
  store.home.write("evaluations.db", std::string(9000, 'x'));
  const auto told = repair_evaluations(store.file);
  REQUIRE(told.ok());
  CHECK(told->find("evaluations.db' was damaged (") != std::string::npos);
  CHECK(told->find("evaluations.db.broken-") != std::string::npos);
  CHECK_FALSE(fs::exists(store.file));
  CHECK(store.files() == 1);
}
