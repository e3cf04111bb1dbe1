package dev.tombolo.bpf;

import java.nio.ByteBuffer;

/** Whether eBPF can be used here, and if not, why. */
public sealed interface BpfSupport {
    /**
     * @param setReturnValue a refused connect fails with ECONNREFUSED (5.18), else with EPERM
     */
    record Available(boolean setReturnValue) implements BpfSupport {}

    record Unavailable(String reason) implements BpfSupport {}

    static BpfSupport check() {
        try {
            int hash = LibBpf.probeHelper(PROGRAM_CGROUP_SOCK_ADDR, HELPER_MAP_LOOKUP);
            if (hash <= 0) {
                return new Unavailable("the kernel refuses cgroup programs: " + Errno.describe(-hash));
            }
            return new Available(LibBpf.probeHelper(PROGRAM_CGROUP_SOCK_ADDR, HELPER_SET_RETVAL) > 0);
        } catch (LinkageError absent) {
            return new Unavailable("libbpf could not be loaded: " + absent.getMessage());
        }
    }

    int PROGRAM_CGROUP_SOCK_ADDR = 18;
    int HELPER_MAP_LOOKUP = 1;
    int HELPER_SET_RETVAL = 187;

    /** The newest messages of libbpf and the verifier, taken once. */
    static String takeLog() {
        var text = ByteBuffer.allocateDirect(8_192);
        byte[] bytes = new byte[LibBpf.takeLog(text, text.capacity())];
        text.get(bytes);
        return new String(bytes, java.nio.charset.StandardCharsets.UTF_8).strip();
    }
}
