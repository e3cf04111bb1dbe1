package dev.tombolo.bgp.exabgp.lab;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.invoke.MethodHandle;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Options of another process's sockets, which /proc does not show: each is borrowed for a moment (pidfd_getfd, Linux 5.6). */
final class ForeignSockets {
    private static final long PIDFD_OPEN = 434;
    private static final long PIDFD_GETFD = 438;
    private static final int TCP = 6;
    private static final int NODELAY = 1;
    private static final Linker LINKER = Linker.nativeLinker();
    private static final MethodHandle SYSCALL = function(
            "syscall",
            FunctionDescriptor.of(JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG),
            Linker.Option.firstVariadicArg(1));
    private static final MethodHandle GETSOCKOPT =
            function("getsockopt", FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_INT, JAVA_INT, ADDRESS, ADDRESS));
    private static final MethodHandle CLOSE = function("close", FunctionDescriptor.of(JAVA_INT, JAVA_INT));

    private ForeignSockets() {}

    /** Of each TCP socket whether it sends small messages at once. */
    static List<Boolean> nodelay(long pid) throws IOException {
        int process = (int) syscall(PIDFD_OPEN, pid, 0);
        try (var descriptors = Files.list(Path.of("/proc/" + pid + "/fd"))) {
            return descriptors
                    .map(file -> Long.parseLong(file.getFileName().toString()))
                    .map(fd -> nodelay(process, fd))
                    .filter(value -> value >= 0)
                    .map(value -> value != 0)
                    .toList();
        } finally {
            close(process);
        }
    }

    /** Negative for what is no TCP socket. */
    private static int nodelay(int process, long descriptor) {
        int borrowed = (int) syscall(PIDFD_GETFD, process, descriptor);
        try (var arena = Arena.ofConfined()) {
            var value = arena.allocateFrom(JAVA_INT, 0);
            int failed = (int) GETSOCKOPT.invokeExact(
                    borrowed, TCP, NODELAY, value, arena.allocateFrom(JAVA_INT, (int) JAVA_INT.byteSize()));
            return failed == 0 ? value.get(JAVA_INT, 0) : -1;
        } catch (Throwable impossible) {
            throw new AssertionError(impossible);
        } finally {
            close(borrowed);
        }
    }

    private static long syscall(long number, long first, long second) {
        try {
            return (long) SYSCALL.invokeExact(number, first, second, 0L);
        } catch (Throwable impossible) {
            throw new AssertionError(impossible);
        }
    }

    private static void close(int descriptor) {
        try {
            int ignored = (int) CLOSE.invokeExact(descriptor);
        } catch (Throwable impossible) {
            throw new AssertionError(impossible);
        }
    }

    @SuppressWarnings("restricted") // A test that reads what only the kernel knows.
    private static MethodHandle function(String name, FunctionDescriptor type, Linker.Option... options) {
        return LINKER.downcallHandle(LINKER.defaultLookup().findOrThrow(name), type, options);
    }
}
