package dev.tombolo.benchmarks.bgp;

import com.google.protobuf.Any;
import com.google.protobuf.ByteString;
import com.google.protobuf.CodedOutputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;

/** The few messages of GoBGP's API (api/gobgp.proto and api/attribute.proto of 3.10) that routes are told by. */
final class GobgpMessages {
    private static final int PREFIX_LENGTH = 24;

    /** IPv4 unicast: AFI 1, SAFI 1. */
    private static final byte[] FAMILY = written(out -> {
        out.writeUInt32(1, 1);
        out.writeUInt32(2, 1);
    });

    private GobgpMessages() {}

    /** AddPathRequest. */
    static byte[] add(int number) {
        return written(out -> out.writeByteArray(3, path(number, false)));
    }

    /** DeletePathRequest. */
    static byte[] delete(int number) {
        return written(out -> {
            out.writeByteArray(3, FAMILY);
            out.writeByteArray(4, path(number, true));
        });
    }

    /** AddPathStreamRequest. */
    static byte[] addAll(int from, int count, boolean withdrawn) {
        return written(out -> {
            for (int i = from; i < from + count; i++) {
                out.writeByteArray(3, path(i, withdrawn));
            }
        });
    }

    private static byte[] path(int number, boolean withdrawn) {
        return written(out -> {
            out.writeByteArray(1, any("IPAddressPrefix", written(prefix -> {
                prefix.writeUInt32(1, PREFIX_LENGTH);
                prefix.writeString(2, Announcer.address(number));
            })));
            out.writeByteArray(2, any("OriginAttribute", written(origin -> origin.writeUInt32(1, 0))));
            out.writeByteArray(2, any("NextHopAttribute", written(hop -> hop.writeString(1, Network.NODE))));
            out.writeBool(5, withdrawn);
            out.writeByteArray(9, FAMILY);
        });
    }

    private static byte[] any(String type, byte[] value) {
        return Any.newBuilder()
                .setTypeUrl("type.googleapis.com/apipb." + type)
                .setValue(ByteString.copyFrom(value))
                .build()
                .toByteArray();
    }

    private static byte[] written(Message message) {
        var bytes = new ByteArrayOutputStream();
        var out = CodedOutputStream.newInstance(bytes);
        try {
            message.to(out);
            out.flush();
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
        return bytes.toByteArray();
    }

    @FunctionalInterface
    private interface Message {
        void to(CodedOutputStream out) throws IOException;
    }
}
