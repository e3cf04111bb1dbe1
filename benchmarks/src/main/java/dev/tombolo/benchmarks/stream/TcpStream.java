package dev.tombolo.benchmarks.stream;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.tombolo.benchmarks.shell.Shell;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;

/** One TCP stream by iperf3, as its receiver counts it. */
public final class TcpStream {
    private TcpStream() {}

    /**
     * Gbit/s; empty when there was none.
     *
     * @param prefix what puts the client where it sends from
     */
    public static OptionalDouble measure(List<String> prefix, String address, int port, int seconds) {
        var command = new ArrayList<>(prefix);
        command.addAll(List.of("iperf3", "-c", address, "-p", Integer.toString(port), "-J"));
        command.addAll(List.of("-t", Integer.toString(seconds), "--connect-timeout", "2000"));
        try {
            double bits = new ObjectMapper()
                    .readTree(Shell.attempt(command))
                    .at("/end/sum_received/bits_per_second")
                    .asDouble();
            return bits > 0 ? OptionalDouble.of(bits / 1e9) : OptionalDouble.empty();
        } catch (JsonProcessingException failed) {
            return OptionalDouble.empty();
        }
    }
}
