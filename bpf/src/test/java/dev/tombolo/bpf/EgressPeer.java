package dev.tombolo.bpf;

import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.PortUnreachableException;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.net.StandardSocketOptions;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import jdk.net.ExtendedSocketOptions;

/**
 * A process in a namespace: {@code serve}, which tells each client the address that it came from, or {@code tcp} and
 * {@code udp} HOST PORT BYTES, which print what they were told after as many bytes have gone both ways.
 */
final class EgressPeer {
    static final int PORT = 7_000;
    private static final int ROOM = 65_507;
    private static final int PATIENCE = 5_000;

    private EgressPeer() {}

    public static void main(String[] words) throws Exception {
        switch (words[0]) {
            case "serve" -> serve();
            case "tcp" -> System.out.print(tcp(words[1], Integer.parseInt(words[2]), Integer.parseInt(words[3])));
            case "hold" -> System.out.print(hold(words[1], Integer.parseInt(words[2]), Integer.parseInt(words[3])));
            default -> System.out.print(udp(words[1], Integer.parseInt(words[2]), Integer.parseInt(words[3])));
        }
    }

    private static void serve() throws IOException {
        var datagrams = new DatagramSocket(PORT);
        var connections = new ServerSocket(PORT);
        Thread.ofPlatform().daemon().start(() -> answerDatagrams(datagrams));
        System.out.println("serving");
        while (true) {
            try (var client = connections.accept()) {
                // Soon a segment comes from here although the pod is silent.
                client.setOption(StandardSocketOptions.SO_KEEPALIVE, true);
                client.setOption(ExtendedSocketOptions.TCP_KEEPIDLE, 1);
                byte[] sent = client.getInputStream().readAllBytes();
                String name = client.getInetAddress().getHostAddress();
                client.getOutputStream().write(answer(name, sent.length));
            }
        }
    }

    private static void answerDatagrams(DatagramSocket socket) {
        try {
            while (true) {
                var packet = new DatagramPacket(new byte[ROOM], ROOM);
                socket.receive(packet);
                packet.setData(answer(packet.getAddress().getHostAddress(), packet.getLength()));
                socket.send(packet);
            }
        } catch (IOException closed) {
            throw new IllegalStateException(closed);
        }
    }

    /** The name at the start of as many bytes as came. */
    private static byte[] answer(String name, int length) {
        return Arrays.copyOf(name.getBytes(StandardCharsets.US_ASCII), Math.max(length, name.length()));
    }

    private static String tcp(String host, int port, int bytes) throws IOException {
        try (var socket = new Socket()) {
            socket.connect(new InetSocketAddress(host, port), PATIENCE);
            socket.setSoTimeout(PATIENCE);
            socket.getOutputStream().write(new byte[bytes]);
            socket.shutdownOutput();
            return said(socket.getInputStream().readAllBytes());
        }
    }

    /** Sends half of the bytes, says so, and the other half when it is told to. */
    private static String hold(String host, int port, int bytes) throws IOException {
        try (var socket = new Socket()) {
            socket.connect(new InetSocketAddress(host, port), PATIENCE);
            socket.setSoTimeout(PATIENCE);
            socket.getOutputStream().write(new byte[bytes / 2]);
            System.out.println("connected");
            System.in.read();
            socket.getOutputStream().write(new byte[bytes / 2]);
            socket.shutdownOutput();
            return said(socket.getInputStream().readAllBytes());
        } catch (SocketTimeoutException silence) {
            return "silence";
        } catch (SocketException reset) {
            return "reset";
        }
    }

    private static String udp(String host, int port, int bytes) throws IOException {
        try (var socket = new DatagramSocket()) {
            socket.connect(InetAddress.getByName(host), port);
            socket.setSoTimeout(PATIENCE);
            socket.send(new DatagramPacket(new byte[bytes], bytes));
            var packet = new DatagramPacket(new byte[ROOM], ROOM);
            socket.receive(packet);
            return said(Arrays.copyOf(packet.getData(), packet.getLength()));
        } catch (PortUnreachableException refused) {
            return "port unreachable";
        }
    }

    private static String said(byte[] answer) {
        return new String(answer, StandardCharsets.US_ASCII).replace("\0", "") + " " + answer.length;
    }
}
