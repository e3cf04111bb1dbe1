package dev.tombolo.agent.path;

import dev.tombolo.netlink.nft.HostCommand;
import dev.tombolo.reconciler.loop.Target;
import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Our nft tables by family and name, each written as one transaction by the nft command. */
public final class NftTable implements Target<String, String> {
    private final HostCommand host;
    private final Map<String, Written> written = new HashMap<>();

    /** What nft lists is not what it was told; so the listing is compared with the one right after the last write. */
    private record Written(String rules, String listing) {}

    public NftTable(HostCommand host) {
        this.host = host;
    }

    @Override
    public synchronized Map<String, String> observe() throws IOException {
        var tables = new HashMap<String, String>();
        for (String table : List.of(NftPlan.V4, NftPlan.V6)) {
            String listed = listed(table);
            if (!listed.isEmpty()) {
                var last = written.getOrDefault(table, new Written("", ""));
                tables.put(table, listed.equals(last.listing()) ? last.rules() : listed);
            }
        }
        return tables;
    }

    @Override
    public synchronized void put(String table, String rules) throws IOException {
        apply(rules);
        written.put(table, new Written(rules, listed(table)));
    }

    @Override
    public synchronized void remove(String table) throws IOException {
        apply("table " + table + "\ndelete table " + table + "\n");
    }

    private String listed(String table) throws IOException {
        var words = table.split(" ");
        var listed = host.run("", "nft", "-s", "list", "table", words[0], words[1]);
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
