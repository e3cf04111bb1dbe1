package dev.tombolo.agent.api;

import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.DefaultChannelPromise;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.EpollDomainSocketChannel;
import io.netty.channel.epoll.EpollIoHandler;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Serves connections of this process's own user only, whatever became of the socket's mode. */
final class SameUserLoop extends MultiThreadIoEventLoopGroup {
    private final int ownUser;

    SameUserLoop() throws IOException {
        super(1, EpollIoHandler.newFactory());
        ownUser = (Integer) Files.getAttribute(Path.of("/proc/self"), "unix:uid");
    }

    @Override
    public ChannelFuture register(Channel channel) {
        if (channel instanceof EpollDomainSocketChannel client) {
            try {
                int user = client.peerCredentials().uid();
                if (user != ownUser) {
                    return refused(channel, new IOException("a process of user " + user + " was turned away"));
                }
            } catch (IOException unknown) {
                return refused(channel, unknown);
            }
        }
        return super.register(channel);
    }

    private ChannelFuture refused(Channel channel, IOException why) {
        return new DefaultChannelPromise(channel, next()).setFailure(why);
    }
}
