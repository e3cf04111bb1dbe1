package dev.tombolo.model.bgp;

import dev.tombolo.model.Invalid;
import dev.tombolo.model.label.LabelSelector;
import dev.tombolo.model.label.SelectorFields;
import dev.tombolo.model.label.SelectorSpec;
import dev.tombolo.model.net.IpAddress;
import java.util.List;
import java.util.Optional;

/** Reads fields that several kinds have. Each problem says what was read, what was expected, and what to do about it. */
record BgpFields(String where, List<Invalid> refused) {
    private static final int LONGEST_NAME = 255;
    private static final int LONGEST_INTERFACE = 15;

    Optional<String> name(String field, String text) {
        if (text.isEmpty() || text.length() > LONGEST_NAME || text.chars().anyMatch(BgpFields::breaksALine)) {
            refuse(field, text.isEmpty() ? "nothing" : text, "a name of 1 to 255 letters in one line");
            return Optional.empty();
        }
        return Optional.of(text);
    }

    /** A name is printed in lines and columns. */
    private static boolean breaksALine(int letter) {
        return Character.isISOControl(letter);
    }

    Optional<Asn> asn(String field, long number) {
        if (number < 1 || number > Asn.LARGEST) {
            refuse(field, Long.toString(number), "a number of an autonomous system, 1 to " + Asn.LARGEST);
            return Optional.empty();
        }
        return Optional.of(new Asn(number));
    }

    /** Where it is not written, {@code otherwise}; empty where it is not within bounds. */
    Optional<Integer> number(String field, Optional<Integer> written, int least, int most, int otherwise) {
        int number = written.orElse(otherwise);
        if (number < least || number > most) {
            refuse(field, Integer.toString(number), least + " to " + most);
            return Optional.empty();
        }
        return Optional.of(number);
    }

    /** One that a session can be between: of one machine, and not of a link only. */
    Optional<IpAddress> address(String field, String text) {
        var address = IpAddress.tryParse(text).filter(BgpFields::isOfOneMachine);
        if (address.isEmpty()) {
            refuse(field, text, "an address of a machine without a zone, neither link-local nor loopback");
        }
        return address;
    }

    private static boolean isOfOneMachine(IpAddress address) {
        return !address.isUnspecified() && !address.isMulticast() && !address.isLinkLocal() && !address.isLoopback();
    }

    Optional<String> device(String field, String name) {
        if (name.isEmpty() || name.length() > LONGEST_INTERFACE || name.contains("/") || name.contains(" ")) {
            refuse(
                    field,
                    name.isEmpty() ? "nothing" : name,
                    "the name of a network device of nodes, for instance eth1");
            return Optional.empty();
        }
        return Optional.of(name);
    }

    LabelSelector selector(String field, Optional<SelectorSpec> text) {
        return new SelectorFields(where, refused).selector(field, text);
    }

    /** A field that has no effect here, in words that say what happens instead. */
    void without(String field, Optional<?> written, String instead) {
        written.ifPresent(value -> refuse(field, value.toString(), instead));
    }

    void refuse(String field, String read, String expected) {
        refused.add(new Invalid(where + " " + field, Invalid.Reason.BAD_CONFIGURATION, read, expected));
    }
}
