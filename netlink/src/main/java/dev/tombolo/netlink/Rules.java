package dev.tombolo.netlink;

import dev.tombolo.model.net.Prefix;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;

/** Routing rules that look into a table; rules with other actions are not listed. */
public final class Rules {
    private static final int DESTINATION = 1;
    private static final int PRIORITY = 6;
    private static final int MARK = 10;
    private static final int TABLE = 15;
    private static final int MASK = 16;
    private static final int LOOK_INTO_TABLE = 1;

    private final NetlinkSocket socket;

    Rules(NetlinkSocket socket) {
        this.socket = socket;
    }

    public List<Rule> list() throws IOException {
        var request = new Message(Rtnetlink.GETRULE, Rtnetlink.REQUEST | Rtnetlink.DUMP)
                .u32(0)
                .u32(0)
                .u32(0);
        return socket.dump(request, "rules").stream()
                .flatMap(payload -> decode(payload).stream())
                .toList();
    }

    /** Adds a rule; one already there is success. */
    public void add(Rule rule) throws IOException {
        int flags = Rtnetlink.REQUEST | Rtnetlink.ACK | Rtnetlink.CREATE | Rtnetlink.EXCLUSIVE;
        try {
            socket.request(body(new Message(Rtnetlink.NEWRULE, flags), rule), "adding", "rule " + rule);
        } catch (NetlinkException e) {
            if (!e.errno().equals(Errno.EEXIST)) {
                throw e;
            }
        }
    }

    /** Deletes a rule; an absent one is success. */
    public void delete(Rule rule) throws IOException {
        var message = new Message(Rtnetlink.DELRULE, Rtnetlink.REQUEST | Rtnetlink.ACK);
        try {
            socket.request(body(message, rule), "deleting", "rule " + rule);
        } catch (NetlinkException e) {
            if (!e.errno().equals(Errno.ENOENT)) {
                throw e;
            }
        }
    }

    static Message body(Message message, Rule rule) {
        int length = rule.to().map(Prefix::length).orElse(0);
        int shortTable = rule.table() < 256 ? rule.table() : 0;
        message.u8(rule.family().number()).u8(length).u8(0).u8(0);
        message.u8(shortTable).u8(0).u8(0).u8(LOOK_INTO_TABLE).u32(0);
        rule.to().ifPresent(to -> message.attribute(DESTINATION, to.address().familyBytes()));
        message.attribute(PRIORITY, rule.priority()).attribute(TABLE, rule.table());
        return rule.mask() == 0 ? message : message.attribute(MARK, rule.mark()).attribute(MASK, rule.mask());
    }

    static Optional<Rule> decode(ByteBuffer payload) {
        int number = Byte.toUnsignedInt(payload.get(0));
        int length = Byte.toUnsignedInt(payload.get(1));
        int shortTable = Byte.toUnsignedInt(payload.get(4));
        int action = Byte.toUnsignedInt(payload.get(7));
        boolean isIp = number == Family.V4.number() || number == Family.V6.number();
        var attributes = Attributes.read(payload.position(12));
        if (!isIp || action != LOOK_INTO_TABLE) {
            return Optional.empty();
        }
        return Optional.of(new Rule(
                number == Family.V4.number() ? Family.V4 : Family.V6,
                (int) attributes.u32(PRIORITY).orElse(0),
                (int) attributes.u32(TABLE).orElse(shortTable),
                attributes.address(DESTINATION).map(address -> new Prefix(address, length)),
                (int) attributes.u32(MARK).orElse(0),
                (int) attributes.u32(MASK).orElse(0)));
    }
}
