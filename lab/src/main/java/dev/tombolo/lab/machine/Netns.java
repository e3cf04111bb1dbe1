package dev.tombolo.lab.machine;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;

/**
 * Opens sockets inside a network namespace. A socket stays in the namespace of the thread that made it, so only its
 * making happens there, on a platform thread that ends at once: threads it started would inherit the namespace.
 */
public final class Netns {
    private static final int CLONE_NEWNET = 0x40000000;
    private static final Linker LINKER = Linker.nativeLinker();
    private static final MethodHandle OPEN = function("open", ValueLayout.ADDRESS, ValueLayout.JAVA_INT);
    private static final MethodHandle SETNS = function("setns", ValueLayout.JAVA_INT, ValueLayout.JAVA_INT);
    private static final MethodHandle CLOSE = function("close", ValueLayout.JAVA_INT);

    private Netns() {}

    public static <T> T within(Path namespace, Callable<T> work) throws IOException {
        FutureTask<T> task = new FutureTask<>(() -> {
            enter(namespace);
            return work.call();
        });
        Thread.ofPlatform().name("netns-" + namespace.getFileName()).daemon().start(task);
        try {
            return task.get();
        } catch (ExecutionException e) {
            throw new IOException(
                    "in " + namespace.getFileName() + ": " + e.getCause().getMessage(), e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted in " + namespace.getFileName(), e);
        }
    }

    private static void enter(Path namespace) throws IOException {
        try (Arena arena = Arena.ofConfined()) {
            int descriptor = (int) OPEN.invokeExact(arena.allocateFrom(namespace.toString()), 0);
            int result = descriptor < 0 ? -1 : (int) SETNS.invokeExact(descriptor, CLONE_NEWNET);
            if (descriptor >= 0) {
                int _ = (int) CLOSE.invokeExact(descriptor);
            }
            if (result != 0) {
                throw new IOException("cannot enter network namespace " + namespace);
            }
        } catch (IOException e) {
            throw e;
        } catch (Throwable e) {
            throw new IllegalStateException("call of setns", e);
        }
    }

    // The restriction is a warning about foreign code; this is libc, and the launcher enables native access.
    @SuppressWarnings("restricted")
    private static MethodHandle function(String name, ValueLayout... arguments) {
        MemorySegment address = LINKER.defaultLookup().find(name).orElseThrow();
        return LINKER.downcallHandle(address, FunctionDescriptor.of(ValueLayout.JAVA_INT, arguments));
    }
}
