package dev.tombolo.benchmarks.bgp;

/** What tells routers; prefixes are numbered, and all of its routers are told the same. */
interface Announcer extends AutoCloseable {
    /** @param from the first number */
    void announce(int from, int count);

    void withdraw(int from, int count);

    /** What was refused or not answered since it was started. */
    long errors();

    @Override
    void close();

    /** Networks of 24 bits from 11.0.0.0 on. */
    static String address(int number) {
        return (11 + (number >> 16)) + "." + (number >> 8 & 255) + "." + (number & 255) + ".0";
    }
}
