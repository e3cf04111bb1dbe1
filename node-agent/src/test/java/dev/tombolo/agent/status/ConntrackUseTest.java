package dev.tombolo.agent.status;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.tombolo.kube.object.MeshNodeObject.Problem;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ConntrackUseTest {
    @TempDir
    private Path proc;

    @Test
    void isReadAsTheKernelSaysIt() throws Exception {
        Files.writeString(proc.resolve("nf_conntrack_count"), "17\n");
        Files.writeString(proc.resolve("nf_conntrack_max"), "262144\n");
        assertThat(ConntrackUse.read(proc)).contains(new ConntrackUse(17, 262_144));
    }

    @Test
    void isReadWholeFromTheKernel() throws Exception {
        var file = ConntrackUse.HERE.resolve("nf_conntrack_max");
        assumeTrue(Files.exists(file), "skipped: the kernel has no conntrack");
        var cat = new ProcessBuilder("cat", file.toString()).start();
        String limit = cat.inputReader().readLine();
        assertThat(ConntrackUse.read(ConntrackUse.HERE).map(ConntrackUse::limit))
                .contains(Long.parseLong(limit));
    }

    @Test
    void isNothingWhereTheKernelHasNone() {
        assertThat(ConntrackUse.read(proc)).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"949, 1000, ''", "950, 1000, 95 %", "1000, 1000, 100 %", "1000, 0, ''"})
    void saysSoWhereItIsNearlyFull(long entries, long limit, String share) {
        assertThat(new ConntrackUse(entries, limit).problem().map(Problem::message))
                .isEqualTo(
                        share.isEmpty()
                                ? Optional.empty()
                                : Optional.of(share + " of the kernel's room for " + limit
                                        + " connections is in use; new ones are dropped when it is full"));
    }
}
