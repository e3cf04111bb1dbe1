package dev.tombolo.agent.path;

import dev.tombolo.netlink.nft.HostCommand;
import dev.tombolo.reconciler.loop.Target;
import java.io.IOException;
import java.util.Map;

/** Our nft table, written as one transaction by the nft command. */
public final class NftTable implements Target<String, String> {
    private final HostCommand host;
    private String written = "";
    private String listedAfterWriting = "";

    public NftTable(HostCommand host) {
        this.host = host;
    }

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
        apply(rules);
        written = rules;
        listedAfterWriting = listed();
    }

    @Override
    public synchronized void remove(String table) throws IOException {
        apply("table ip " + NftPlan.TABLE + "\ndelete table ip " + NftPlan.TABLE + "\n");
    }

    private String listed() throws IOException {
        var listed = host.run("", "nft", "-s", "list", "table", "ip", NftPlan.TABLE);
        if (listed.succeeded()) {
            return listed.output();
        }
        if (listed.output().contains("No such file")) {
            return "";
        }
        throw new IOException("nft refused: " + listed.output());
    }

    private void apply(String rules) throws IOException {
        var result = host.run(rules, "nft", "-f", "-");
        if (!result.succeeded()) {
            throw new IOException("nft refused: " + result.output());
        }
    }
}
