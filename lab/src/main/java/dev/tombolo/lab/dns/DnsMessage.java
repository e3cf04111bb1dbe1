package dev.tombolo.lab.dns;

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;

/** Just enough of RFC 1035: one question in, its A records out. */
final class DnsMessage {
    static final int LIMIT = 4096;
    private static final int HEADER = 12;
    private static final int TYPE_A = 1;
    private static final int RESPONSE = 0x8480;
    private static final int RECURSION_DESIRED = 0x0100;
    private static final int NO_SUCH_NAME = 3;
    private static final int NAME_OF_QUESTION = 0xc000 | HEADER;
    private static final int TIME_TO_LIVE = 5;
    /** What fits an answer without EDNS and without truncation: 512 bytes less header and question. */
    private static final int MOST_RECORDS = 14;

    private DnsMessage() {}

    /** @param lookup the addresses of a lower-case name; empty when there is no such name */
    static Optional<ByteBuffer> answer(ByteBuffer query, Function<String, Optional<List<String>>> lookup) {
        try {
            short id = query.getShort();
            int flags = query.getShort();
            query.position(HEADER);
            String name = name(query);
            int type = query.getShort();
            query.getShort();
            if ((flags & 0x8000) != 0) {
                return Optional.empty();
            }
            byte[] question = new byte[query.position() - HEADER];
            query.get(HEADER, question);
            return Optional.of(write(id, flags, question, type, lookup.apply(name)));
        } catch (BufferUnderflowException | IllegalArgumentException _) {
            return Optional.empty();
        }
    }

    private static ByteBuffer write(short id, int flags, byte[] question, int type, Optional<List<String>> found) {
        List<String> records = type == TYPE_A
                ? found.orElse(List.of()).stream().limit(MOST_RECORDS).toList()
                : List.of();
        int code = RESPONSE | flags & RECURSION_DESIRED | (found.isEmpty() ? NO_SUCH_NAME : 0);
        ByteBuffer answer = ByteBuffer.allocate(LIMIT)
                .putShort(id)
                .putShort((short) code)
                .putShort((short) 1)
                .putShort((short) records.size())
                .putShort((short) 0)
                .putShort((short) 0)
                .put(question);
        for (String record : records) {
            answer.putShort((short) NAME_OF_QUESTION)
                    .putShort((short) TYPE_A)
                    .putShort((short) 1)
                    .putInt(TIME_TO_LIVE)
                    .putShort((short) 4);
            for (String part : record.split("\\.")) {
                answer.put((byte) Integer.parseInt(part));
            }
        }
        return answer.flip();
    }

    private static String name(ByteBuffer query) {
        StringBuilder name = new StringBuilder();
        for (int length = query.get(); length > 0; length = query.get()) {
            byte[] label = new byte[length];
            query.get(label);
            name.append(name.isEmpty() ? "" : ".").append(new String(label, StandardCharsets.US_ASCII));
        }
        return name.toString().toLowerCase(Locale.ROOT);
    }
}
