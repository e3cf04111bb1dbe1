package dev.tombolo.lab.apiserver;

import com.sun.net.httpserver.HttpsServer;
import java.io.IOException;
import java.net.InetSocketAddress;

/** Opens a listening socket; in the lab, perhaps in another network namespace. */
public interface ListenerOpener {
    HttpsServer open(InetSocketAddress address) throws IOException;
}
