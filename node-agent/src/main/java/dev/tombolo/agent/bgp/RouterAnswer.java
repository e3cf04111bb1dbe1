package dev.tombolo.agent.bgp;

/** What came of a TCP connection to a router's port, made for no other reason than to see. */
sealed interface RouterAnswer {
    /** It was taken; it had no password, whatever the session has. */
    record Taken() implements RouterAnswer {}

    /** Nobody listens there, or a firewall says so. */
    record Refused() implements RouterAnswer {}

    /** No answer at all. */
    record Silent() implements RouterAnswer {}

    /** @param why the kernel's words */
    record NoWay(String why) implements RouterAnswer {}
}
