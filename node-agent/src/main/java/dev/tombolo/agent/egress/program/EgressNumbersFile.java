package dev.tombolo.agent.egress.program;

import dev.tombolo.egress.plan.EgressNumbers;
import dev.tombolo.egress.plan.Numbering;
import java.io.IOException;
import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The numbers in the data path, for the agent that comes after this one: with the same numbers it finds its rows in the
 * kernel as they should be. Its first line is {@code egress-numbers 1}, each other one {@code KIND NUMBER KEY}, the key
 * in the encoding of URLs.
 */
public record EgressNumbersFile(Path file) {
    private static final Logger LOG = LoggerFactory.getLogger(EgressNumbersFile.class);
    private static final String FORMAT = "egress-numbers 1";
    private static final List<String> KINDS = List.of("set", "group", "gateway", "policy");
    private static final int FIELDS = 3;

    /** @param state a directory that outlives the agent */
    public static EgressNumbersFile in(Path state) {
        return new EgressNumbersFile(state.resolve("egress-numbers"));
    }

    /** All as wanted no more, until the first plan; none where there is no file or it is not as we write it. */
    EgressNumbers read() {
        try {
            var lines = Files.readAllLines(file, StandardCharsets.UTF_8);
            if (lines.isEmpty() || !lines.getFirst().equals(FORMAT)) {
                throw new IOException("it does not begin with " + FORMAT);
            }
            var kinds = new HashMap<String, Map<String, Integer>>();
            KINDS.forEach(kind -> kinds.put(kind, new HashMap<>()));
            lines.stream().skip(1).forEach(line -> add(kinds, line.split(" ", -1)));
            return new EgressNumbers(retired(kinds, 0), retired(kinds, 1), retired(kinds, 2), retired(kinds, 3));
        } catch (NoSuchFileException none) {
            return EgressNumbers.NONE;
        } catch (IOException | IllegalArgumentException unreadable) {
            LOG.warn("{} is not believed, and written anew: {}", file, unreadable.getMessage());
            return EgressNumbers.NONE;
        }
    }

    private static void add(Map<String, Map<String, Integer>> kinds, String[] fields) {
        if (fields.length != FIELDS || !kinds.containsKey(fields[0])) {
            throw new IllegalArgumentException("a line is not KIND NUMBER KEY");
        }
        String key = URLDecoder.decode(fields[2], StandardCharsets.UTF_8);
        kinds.get(fields[0]).put(key, Integer.valueOf(fields[1]));
    }

    private static Numbering<String> retired(Map<String, Map<String, Integer>> kinds, int kind) {
        return new Numbering<>(Map.of(), kinds.get(KINDS.get(kind)));
    }

    /** Written aside and renamed: a crash leaves what was there, or all of this. */
    void write(EgressNumbers numbers) throws IOException {
        var text = new StringBuilder(FORMAT).append('\n');
        append(text, KINDS.get(0), numbers.sets());
        append(text, KINDS.get(1), numbers.groups());
        append(text, KINDS.get(2), numbers.gateways());
        append(text, KINDS.get(3), numbers.policies());
        Files.createDirectories(file.getParent());
        var aside = file.resolveSibling(file.getFileName() + ".new");
        Files.writeString(aside, text, StandardCharsets.UTF_8);
        Files.move(aside, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    private static void append(StringBuilder text, String kind, Numbering<String> numbers) {
        for (var some : List.of(numbers.numbers(), numbers.retired())) {
            some.forEach((key, number) -> text.append(kind)
                    .append(' ')
                    .append(number)
                    .append(' ')
                    .append(URLEncoder.encode(key, StandardCharsets.UTF_8))
                    .append('\n'));
        }
    }
}
