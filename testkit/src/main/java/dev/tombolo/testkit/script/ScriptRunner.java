package dev.tombolo.testkit.script;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.tombolo.reconciler.table.Columns;
import dev.tombolo.reconciler.table.Table;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Supplier;

/**
 * Plays a {@link Script}. Every table named here can be compared with {@code table/is NAME FILE}, which waits until the
 * table shows exactly that text or fails with the difference; other commands are added by the test.
 */
public final class ScriptRunner {
    private static final Duration LONGEST_WAIT = Duration.ofSeconds(10);

    private final Map<String, Supplier<String>> tables = new HashMap<>();
    private final Map<String, Command> commands = new HashMap<>();

    /** What a command does; its exception fails the script with the line's number. */
    @FunctionalInterface
    public interface Command {
        void run(Script script, Script.Line line) throws Exception;
    }

    public ScriptRunner() {
        commands.put("table/is", (script, line) -> {
            var shown = table(line.words().get(0));
            String expected = script.file(line.words().get(1)).strip();
            await().atMost(LONGEST_WAIT)
                    .pollInterval(Duration.ofMillis(5))
                    .untilAsserted(() -> assertThat(shown.get().strip()).isEqualTo(expected));
        });
    }

    public ScriptRunner with(String command, Command action) {
        commands.put(command, action);
        return this;
    }

    public <V> ScriptRunner show(String name, Table<?, V> table, Columns<V> columns) {
        return show(name, () -> columns.text(table.snapshot().values().toList()));
    }

    public ScriptRunner show(String name, Supplier<String> text) {
        tables.put(name, text);
        return this;
    }

    public void play(Script script) {
        for (Script.Line line : script.lines()) {
            var command = commands.get(line.command());
            if (command == null) {
                throw new IllegalArgumentException(script.name() + ":" + line.number() + ": no command "
                        + line.command() + "; there are " + commands.keySet());
            }
            try {
                command.run(script, line);
            } catch (Exception | AssertionError failure) {
                String where = script.name() + ":" + line.number() + ": " + line.command() + " " + line.words();
                throw new AssertionError(where + "\n" + failure.getMessage(), failure);
            }
        }
    }

    private Supplier<String> table(String name) {
        var shown = tables.get(name);
        if (shown == null) {
            throw new IllegalArgumentException("no table " + name + "; there are " + tables.keySet());
        }
        return shown;
    }
}
