package dev.tombolo.testkit.script;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tombolo.reconciler.table.Columns;
import dev.tombolo.reconciler.table.Table;
import org.junit.jupiter.api.Test;

class ScriptRunnerTest {
    private final Table<String, String> colours = new Table<>("colours");
    private final ScriptRunner runner = new ScriptRunner()
            .show("colours", colours, Columns.<String>none().with("Colour", colour -> colour))
            .with(
                    "paint",
                    (_, line) -> colours.put(line.words().get(0), line.words().get(1)));

    @Test
    void comparesATableWithAFileOfTheScript() {
        runner.play(Script.parse("paint.script", """
                        # a comment
                        paint door red
                        table/is colours one

                        -- one --
                        Colour
                        red
                        """));
    }

    @Test
    void namesTheLineThatFailed() {
        var script = Script.parse("paint.script", "\npaint door red\nspray wall\n");
        assertThatThrownBy(() -> runner.play(script)).hasMessageContaining("paint.script:3: no command spray");
    }
}
