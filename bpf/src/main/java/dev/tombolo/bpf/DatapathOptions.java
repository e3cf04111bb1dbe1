package dev.tombolo.bpf;

import java.nio.file.Path;
import java.util.Map;

/**
 * Where the datapath lives.
 *
 * @param bpffs a bpf file system, or a directory on which one may be mounted
 * @param cgroup the cgroup v2 directory whose processes are served
 * @param mapSizes entries by map name, where the default does not fit
 * @param mountBpffs mount one if {@code bpffs} is none
 * @param dropUnknownSource drop what the tunnel delivers from addresses nobody has declared
 */
public record DatapathOptions(
        Path bpffs, Path cgroup, Map<String, Integer> mapSizes, boolean mountBpffs, boolean dropUnknownSource) {
    public DatapathOptions(Path bpffs, Path cgroup, Map<String, Integer> mapSizes) {
        this(bpffs, cgroup, mapSizes, true, false);
    }
}
