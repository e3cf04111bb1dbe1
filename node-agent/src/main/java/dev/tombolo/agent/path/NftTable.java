package dev.tombolo.agent.path;

import dev.tombolo.reconciler.loop.Target;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** Our nft table, written as one transaction by the nft command. */
public final class NftTable implements Target<String, String> {
    private static final int LONGEST_RUN_SECONDS = 10;
    private String written = "";
    private String listedAfterWriting = "";

    /** What nft lists is not what it was told; so the listing is compared with the one right after the last write. */
    @Override
    public synchronized Map<String, String> observe() throws IOException {
        String listed = listed();
        if (listed.isEmpty()) {
            return Map.of();
        }
        return Map.of(NftPlan.TABLE, listed.equals(listedAfterWriting) ? written : listed);
    }

    @Override
    public synchronized void put(String table, String rules) throws IOException {
        run(rules, "nft", "-f", "-");
        written = rules;
        listedAfterWriting = listed();
    }

    @Override
    public synchronized void remove(String table) throws IOException {
        run("table ip " + NftPlan.TABLE + "\ndelete table ip " + NftPlan.TABLE + "\n", "nft", "-f", "-");
    }

    private static String listed() throws IOException {
        String text;
        try {
            text = run("", "nft", "-s", "list", "table", "ip", NftPlan.TABLE);
        } catch (IOException absent) {
            if (absent.getMessage().contains("No such file")) {
                return "";
            }
            throw absent;
        }
        return text;
    }

    private static String run(String input, String... command) throws IOException {
        var process = new ProcessBuilder(command).redirectErrorStream(true).start();
        try (var stdin = process.outputWriter(StandardCharsets.UTF_8)) {
            stdin.write(input);
        }
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        try {
            if (!process.waitFor(LONGEST_RUN_SECONDS, TimeUnit.SECONDS)) {
                process.destroyForcibly();
                throw new IOException("nft did not end within " + LONGEST_RUN_SECONDS + " s");
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while nft ran", interrupted);
        }
        if (process.exitValue() != 0) {
            throw new IOException("nft refused: " + output.strip());
        }
        return output;
    }
}
