package dev.tombolo.cli.install;

import dev.tombolo.cli.CommandFailure;
import dev.tombolo.kube.KubeApi;
import java.io.IOException;

/** The kinds without which a command has nothing to read; what is missing is a failure that says what to run. */
public final class InstalledKinds {
    private static final String NODES = "meshnodes.tombolo.dev";

    private InstalledKinds() {}

    /** Those of every version. */
    public static void require(KubeApi api) throws IOException {
        if (!api.writes().manifests().established(NODES)) {
            throw CommandFailure.failed(
                    "Tombolo is not installed in " + api.address() + " (no kind " + NODES + "); run: tombolo install");
        }
    }

    /**
     * Those, and one that an older version does not have.
     *
     * @param without what is so where it is missing
     */
    public static void require(KubeApi api, String kind, String without) throws IOException {
        require(api);
        if (!api.writes().manifests().established(kind)) {
            throw CommandFailure.failed(
                    without + " in " + api.address() + ": it has no kind " + kind + "; run: tombolo upgrade");
        }
    }
}
