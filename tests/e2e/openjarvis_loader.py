"""Reads a home as OpenJarvis' own code reads it, and says where it could not.

    openjarvis_loader.py traces HOME    every trace as one JSON array, read from the columns in their order
    openjarvis_loader.py check HOME     all files; one line for each problem, exit 1 when there is any
"""
import json
import pathlib
import sqlite3
import stat
import string
import sys
import tomllib

TRACE_COLUMNS = [
    "id", "trace_id", "query", "agent", "model", "engine", "result", "outcome", "feedback", "started_at",
    "ended_at", "total_tokens", "total_latency_seconds", "metadata", "messages"]
STEP_COLUMNS = [
    "id", "trace_id", "step_index", "step_type", "timestamp", "duration_seconds", "input", "output", "metadata"]
STEP_TYPES = {"route", "retrieve", "generate", "tool_call", "respond"}

SESSION_COLUMNS = [
    "id", "parent_session_id", "trigger", "trigger_metadata", "status", "autonomy_mode", "started_at", "ended_at",
    "diagnosis_path", "plan_path", "benchmark_before", "benchmark_after", "git_checkpoint_pre",
    "git_checkpoint_post", "teacher_cost_usd", "error"]
TRIGGERS = {"scheduled", "cluster", "user_flag", "on_demand"}
AUTONOMY = {"auto", "tiered", "manual"}
STATUSES = {"initiated", "diagnosing", "planning", "executing", "awaiting_review", "completed", "failed",
            "rolled_back"}
OUTCOMES = {"applied", "rejected_by_gate", "pending_review", "rejected_by_user", "rolled_back", "skipped"}

# What each agent gives to str.format.
PLACEHOLDERS = {
    "native_react": ["tool_descriptions", "skill_examples"],
    "native_openhands": ["tool_descriptions"],
    "monitor_operative": ["memory_extraction", "observation_compression", "retrieval_strategy",
                          "task_decomposition", "tool_descriptions"],
    "rlm": ["tool_section"],
}

problems = []


def expect(condition, problem):
    if not condition:
        problems.append(problem)


def columns_of(database, table):
    return [row[1] for row in database.execute(f"PRAGMA table_info({table})")]


def read_traces(home):
    """By position, as `SELECT *` gives them."""
    database = sqlite3.connect(home / "traces.db")
    traces = []
    for row in database.execute("SELECT * FROM traces ORDER BY started_at DESC"):
        steps = database.execute("SELECT * FROM trace_steps WHERE trace_id = ? ORDER BY step_index", (row[1],))
        traces.append({
            "trace_id": row[1], "query": row[2], "agent": row[3], "model": row[4], "engine": row[5],
            "result": row[6], "outcome": row[7], "feedback": row[8], "total_tokens": row[11],
            "metadata": json.loads(row[13]), "messages": json.loads(row[14]),
            "steps": [{"step_index": step[2], "step_type": step[3], "input": json.loads(step[6]),
                       "output": json.loads(step[7]), "metadata": json.loads(step[8])} for step in steps]})
    database.close()
    return traces


def check_traces(home):
    database = sqlite3.connect(home / "traces.db")
    expect(columns_of(database, "traces") == TRACE_COLUMNS, "traces has other columns, or another order")
    expect(columns_of(database, "trace_steps") == STEP_COLUMNS, "trace_steps has other columns, or another order")
    try:
        database.execute("INSERT INTO traces_fts(traces_fts, rank) VALUES('integrity-check', 1)")
    except sqlite3.Error as error:
        problems.append(f"traces_fts: {error}")
    database.rollback()
    rows = database.execute("SELECT count(*) FROM traces").fetchone()[0]
    indexed = database.execute("SELECT count(*) FROM traces_fts_docsize").fetchone()[0]
    expect(rows == indexed, f"{rows} traces, but {indexed} are indexed")
    database.close()
    for trace in read_traces(home):
        name = "trace " + trace["trace_id"]
        expect(isinstance(trace["metadata"], dict), f"{name}: metadata is no object")
        expect(isinstance(trace["messages"], list), f"{name}: messages is no array")
        expect(trace["feedback"] is None or 0 <= trace["feedback"] <= 1, f"{name}: feedback is out of range")
        for number, step in enumerate(trace["steps"]):
            expect(step["step_index"] == number, f"{name}: steps are not counted from 0")
            expect(step["step_type"] in STEP_TYPES, f"{name}: step type {step['step_type']}")
            for part in ("input", "output", "metadata"):
                expect(isinstance(step[part], dict), f"{name}: {part} of step {number} is no object")


def check_config(home):
    config = tomllib.loads((home / "config.toml").read_text(encoding="utf-8"))
    live = {("intelligence", "default_model"): str, ("intelligence", "temperature"): (int, float),
            ("intelligence", "max_tokens"): int, ("agent", "default_agent"): str, ("agent", "max_turns"): int,
            ("agent", "tools"): (str, list), ("agent", "default_system_prompt"): str,
            ("tools", "enabled"): (str, list)}
    for (section, key), kind in live.items():
        value = config.get(section, {}).get(key)
        expect(value is None or (isinstance(value, kind) and not isinstance(value, bool)),
               f"{section}.{key} has another type: {value!r}")


def scanned_descriptions(text):
    """The line scanner of tools/description_loader.py."""
    found, tool = {}, None
    for line in text.splitlines():
        stripped = line.strip()
        if stripped.startswith("[") and stripped.endswith("]"):
            tool = stripped[1:-1]
        elif tool and stripped.startswith("description"):
            value = stripped.partition("=")[2].strip().strip('"').strip("'")
            if value:
                found[tool] = value
    return found


def check_descriptions(home):
    file = home / "tools" / "descriptions.toml"
    if not file.exists():
        return
    text = file.read_text(encoding="utf-8")
    parsed = {tool: table["description"] for tool, table in tomllib.loads(text).items()}
    expect(parsed == scanned_descriptions(text), f"descriptions.toml: {parsed} is read as {scanned_descriptions(text)}")


def check_agent(folder):
    prompt = folder / "system_prompt.md"
    if prompt.exists() and folder.name in PLACEHOLDERS:
        names = PLACEHOLDERS[folder.name]
        try:
            text = prompt.read_text(encoding="utf-8")
            filled = text.format(**{name: f"<{name}>" for name in names})
            needed = "tool_section" if folder.name == "rlm" else "tool_descriptions"
            expect(f"<{needed}>" in filled, f"{folder.name}: the prompt shows no tools")
            expect({part[1] for part in string.Formatter().parse(text) if part[1] is not None} <= set(names),
                   f"{folder.name}: a placeholder that nobody fills")
        except (KeyError, ValueError, IndexError) as error:
            problems.append(f"{folder.name}: str.format fails: {error!r}")
    examples = folder / "few_shot.json"
    if examples.exists():
        loaded = json.loads(examples.read_text(encoding="utf-8"))
        expect(isinstance(loaded, list), f"{folder.name}: few_shot.json is no array")
        for example in loaded:
            good = isinstance(example, dict) and all(
                isinstance(example.get(key), str) and example[key] for key in ("input", "output"))
            expect(good, f"{folder.name}: an example without input and output: {example!r}")


def check_learning(home):
    database = sqlite3.connect(home / "learning" / "learning.db")
    expect(columns_of(database, "learning_sessions")[:len(SESSION_COLUMNS)] == SESSION_COLUMNS,
           "learning_sessions has other columns, or another order")
    database.row_factory = sqlite3.Row
    for row in database.execute("SELECT * FROM learning_sessions"):
        name = "session " + row["id"]
        expect(row["trigger"] in TRIGGERS, f"{name}: trigger {row['trigger']}")
        expect(row["autonomy_mode"] in AUTONOMY, f"{name}: autonomy {row['autonomy_mode']}")
        expect(row["status"] in STATUSES, f"{name}: status {row['status']}")
        expect(isinstance(json.loads(row["trigger_metadata"]), dict), f"{name}: trigger_metadata")
        before = json.loads(row["benchmark_before"])
        for key in ("benchmark_version", "overall_score", "cluster_scores", "task_count", "elapsed_seconds"):
            expect(key in before, f"{name}: benchmark_before lacks {key}")
        for column in ("started_at", "ended_at"):
            expect(row[column] is None or row[column].endswith("+00:00"), f"{name}: {column} is {row[column]}")
        expect(row["git_checkpoint_pre"] is not None, f"{name}: no git_checkpoint_pre")
    for row in database.execute("SELECT * FROM edit_outcomes"):
        expect(row["status"] in OUTCOMES, f"edit {row['edit_id']}: status {row['status']}")
        expect(isinstance(json.loads(row["cluster_deltas"]), dict), f"edit {row['edit_id']}: cluster_deltas")
    database.close()


def check_modes(home):
    for name, most in ((".", 0o700), ("traces.db", 0o600), ("learning", 0o700), ("config.toml", 0o644)):
        mode = stat.S_IMODE((home / name).stat().st_mode)
        expect(mode | most == most, f"{name} has mode {mode:o}, more than {most:o}")


def main():
    what, home = sys.argv[1], pathlib.Path(sys.argv[2])
    if what == "traces":
        print(json.dumps(read_traces(home)))
        return 0
    check_modes(home)
    check_traces(home)
    check_config(home)
    check_descriptions(home)
    check_learning(home)
    for folder in sorted((home / "agents").glob("*")) if (home / "agents").is_dir() else []:
        check_agent(folder)
    print("\n".join(problems), end="")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
