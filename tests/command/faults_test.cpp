// Whatever a program does: a clear result, and no process, file or descriptor that stays.
#include <doctest/doctest.h>

#include <atomic>
#include <thread>

#include "tests/command/world.hpp"
#include "tests/isolation/processes.hpp"
#include "tests/isolation/world.hpp"
#include "tests/support/loopback_server.hpp"

using namespace jarvis;
using namespace jarvis::testing;

namespace {

/** The two ways of keeping a program in its home; on this machine, as far as it has them. */
enum class Way { bubblewrap, kernel };

template <class Test>
void in_each_way(Test test) {
  if (has_bubblewrap())
    test(Way::bubblewrap);
  else
    MESSAGE("passed over with bubblewrap: it is not here, or does not work");
  const NoPath no_bubblewrap;
  test(Way::kernel);
}

/** Asks many times and holds every run to `expected`. */
void expect(CommandWorld& world, const std::vector<std::string>& words,
            const std::string& expected) {
  const auto student = world.agent(words);
  // What is made once is made by the first call.
  const std::string first = said(student->answer(world.home(), {"How many?", "general", ""}));
  const auto files = world.files();
  const auto descriptors = open_descriptors();
  const auto children = children_of(::getpid());
  CHECK(first == expected);
  for (int i = 1; i < runs(); ++i)
    CHECK(said(student->answer(world.home(), {"How many?", "general", ""})) == expected);
  CHECK(world.processes().empty());
  CHECK(open_descriptors() == descriptors);
  CHECK(children_of(::getpid()) == children);
  CHECK(world.files() == files);
}

}  // namespace

TEST_CASE("command: one that hangs is ended at its deadline") {
  in_each_way([](Way) {
    CommandWorld world;
    world.timeout_seconds = 1;
    expect(world, {"hangs", "{home}"}, "error: the student's command did not end within 1 s");
  });
}

TEST_CASE("command: what it leaves behind is ended with it") {
  for (const std::string way : {"leaves_a_child", "leaves_a_daemon"})
    in_each_way([&](Way) {
      CAPTURE(way);
      CommandWorld world;
      expect(world, {way, "{home}"}, "done");
    });
}

TEST_CASE("command: one that hangs with daemons of its own leaves none") {
  in_each_way([](Way) {
    CommandWorld world;
    world.timeout_seconds = 1;
    expect(world, {"hangs_with_daemons", "{home}"},
           "error: the student's command did not end within 1 s");
  });
}

TEST_CASE("command: 1 GB of output is no answer, and is not kept") {
  in_each_way([](Way) {
    CommandWorld world;
    expect(world, {"prints_1_gb", "{home}"},
           "error: the student's command printed more than an answer may have");
  });
}

TEST_CASE("command: of 1 GB of errors the last line is told") {
  in_each_way([](Way) {
    CommandWorld world;
    expect(world, {"complains_1_gb", "{home}"},
           "error: the student's command ended with status 3; its last words: the last line");
  });
}

TEST_CASE("command: blanks are no answer") {
  in_each_way([](Way) {
    CommandWorld world;
    expect(world, {"prints_nothing"}, "error: the student's command printed no answer");
  });
}

TEST_CASE("command: a status other than 0 is told with its last words, escapes taken out") {
  in_each_way([](Way) {
    CommandWorld world;
    expect(world, {"exits_with_1"},
           "error: the student's command ended with status 1; its last words: no  [31mmodel [0m "
           "here");
  });
}

TEST_CASE("command: a signal is told by its number") {
  in_each_way([](Way) {
    CommandWorld world;
    expect(world, {"kills_itself"}, "error: the student's command was ended by signal 9");
  });
}

TEST_CASE(
    "command: one that reads for ever finds the end of its input, and its own at the deadline") {
  in_each_way([](Way) {
    CommandWorld world;
    world.timeout_seconds = 1;
    expect(world, {"reads_for_ever", "{home}"},
           "error: the student's command did not end within 1 s");
  });
}

TEST_CASE("command: bytes that are no UTF-8 are replaced") {
  in_each_way([](Way) {
    CommandWorld world;
    expect(world, {"prints_no_utf8"}, "caf\xEF\xBF\xBD \xEF\xBF\xBD\xEF\xBF\xBD");
  });
}

TEST_CASE("command: it has three descriptors and no more") {
  in_each_way([](Way) {
    CommandWorld world;
    expect(world, {"counts_its_descriptors"}, "3");
  });
}

TEST_CASE("command: outside its home it writes nothing") {
  in_each_way([](Way way) {
    if (way == Way::kernel && landlock_version() < 3) {
      MESSAGE("passed over: the kernel has no Landlock that keeps files from being shortened");
      return;
    }
    CommandWorld world;
    const std::string theirs = (world.directory.path() / "outside").string() + "/file";
    const std::string beside = COMMAND_AGENT ".new";
    const std::string failed = "error: the student's command ended with status 1; its last words: ";
    expect(world, {"writes", theirs}, failed + "cannot write " + theirs);
    expect(world, {"writes", theirs + ".new"}, failed + "cannot write " + theirs + ".new");
    expect(world, {"shortens", theirs}, failed + "cannot shorten " + theirs);
    expect(world, {"writes", beside}, failed + "cannot write " + beside);
    CHECK_FALSE(std::filesystem::exists(beside));
    // Where the home lies in /tmp, this is a folder that the program has to itself.
    const auto files = world.files();
    (void)world.agent({"writes", "../escaped"})->answer(world.home(), {"q", "general", ""});
    CHECK(world.files() == files);
    CHECK(world.directory.read("outside/file") == "theirs");
  });
}

TEST_CASE("command: in its home it writes, but not what it is measured by") {
  in_each_way([](Way way) {
    CommandWorld world;
    expect(world, {"writes", "{home}/notes.txt", "here.txt"}, "wrote");
    if (way == Way::bubblewrap) {
      const std::string config = (world.directory.path() / "home/config.toml").string();
      expect(world, {"writes", "{home}/config.toml"},
             "error: the student's command ended with status 1; its last words: cannot write " +
                 config);
    } else {
      expect(world, {"writes", "{home}/config.toml"},
             "error: config.toml, agents/ or tools/ of its home were changed while the command "
             "ran");
    }
  });
}

TEST_CASE("command: its temporary files go with it") {
  in_each_way([](Way) {
    CommandWorld world;
    const auto student = world.agent({"uses_a_temporary_file"});
    for (int i = 0; i < runs(); ++i) {
      const std::string file = said(student->answer(world.home(), {"q", "general", ""}));
      CHECK(file.rfind("/tmp/", 0) == 0);
      CHECK_FALSE(std::filesystem::exists(file));
    }
  });
}

TEST_CASE("command: it reaches no server on this machine, unless the settings say so") {
  LoopbackServer server([](const RecordedRequest&) { return ScriptedReply{}; });
  const std::string port = server.url().substr(server.url().rfind(':') + 1);
  in_each_way([&](Way way) {
    CommandWorld world;
    if (way == Way::bubblewrap || has_network_namespaces()) {
      const auto student = world.agent({"connects", port});
      CHECK(student->is_local());
      const auto answer = student->answer(world.home(), {"q", "general", ""});
      REQUIRE(!answer.ok());
      CHECK(answer.error().message.find("cannot connect") != std::string::npos);
      CHECK(answer.error().hint.find("network = true") != std::string::npos);
    } else {
      MESSAGE("passed over: the kernel has no network namespaces");
    }
    world.network = true;
    const auto student = world.agent({"connects", port});
    CHECK_FALSE(student->is_local());
    CHECK(said(student->answer(world.home(), {"q", "general", ""})) == "connected");
  });
}

TEST_CASE("command: many at once get their own answers, and leave nothing") {
  in_each_way([](Way) {
    CommandWorld world;
    const auto student = world.agent({"leaves_a_daemon", "{home}"});
    const auto other = world.agent({"answers", "{query}", "{home}"});
    std::vector<std::thread> threads;
    std::atomic<int> right{0};
    for (int i = 0; i < 8; ++i)
      threads.emplace_back([&, i] {
        const std::string query = "query " + std::to_string(i);
        right += said(student->answer(world.home(), {query, "general", ""})) == "done";
        right += said(other->answer(world.home(), {query, "general", ""})) ==
                 query + "|" + (world.directory.path() / "home").string();
      });
    for (std::thread& thread : threads) thread.join();
    CHECK(right == 16);
    CHECK(world.processes().empty());
  });
}
