package dev.tombolo.lab.apiserver;

import com.sun.net.httpserver.HttpExchange;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.lang.reflect.Field;

/**
 * The bytes under an exchange, for a protocol that a client switches to. The JDK's server has no door to them, so this
 * needs {@code --add-opens jdk.httpserver/sun.net.httpserver=ALL-UNNAMED}.
 */
record RawConnection(InputStream in, OutputStream out) {
    static RawConnection of(HttpExchange exchange) throws IOException {
        try {
            Object plain = field(exchange, "impl");
            return new RawConnection((InputStream) field(plain, "ris"), (OutputStream) field(plain, "ros"));
        } catch (ReflectiveOperationException | RuntimeException shut) {
            throw new IOException("the JDK's server does not let go of a connection: " + shut, shut);
        }
    }

    private static Object field(Object of, String name) throws ReflectiveOperationException {
        Field field = of.getClass().getDeclaredField(name);
        field.setAccessible(true);
        return field.get(of);
    }
}
