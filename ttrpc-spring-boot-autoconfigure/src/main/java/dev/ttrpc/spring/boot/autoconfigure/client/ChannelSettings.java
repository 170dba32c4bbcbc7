package dev.ttrpc.spring.boot.autoconfigure.client;

import dev.ttrpc.Metadata;
import dev.ttrpc.client.TtrpcChannel;
import java.util.List;
import java.util.Map;
import org.springframework.boot.context.properties.PropertyMapper;
import org.springframework.util.unit.DataSize;

/**
 * Applies what is configured for a channel to its builder.
 *
 * @param channel its settings with the defaults merged in
 */
record ChannelSettings(TtrpcClientProperties.Channel channel) {

    void applyTo(TtrpcChannel.Builder builder) {
        PropertyMapper map = PropertyMapper.get();
        map.from(channel::connectTimeout).to(builder::connectTimeout);
        map.from(channel::deadline).to(builder::deadline);
        map.from(channel::waitForReady).to(builder::waitForReady);
        map.from(channel.reconnect()::policy).to(builder::reconnect);
        map.from(channel::metadata).as(ChannelSettings::metadata).to(builder::metadata);
        map.from(channel.message()::maxSize).as(ChannelSettings::bytes).to(builder::maxMessageSize);
        map.from(channel.flow()::receiveBudget).as(DataSize::toBytes).to(builder::receiveBudget);
        map.from(channel.flow()::writeHighWaterMark).as(DataSize::toBytes).to(builder::sendBudget);
        map.from(channel.flow()::stallTimeout).to(builder::stallTimeout);
    }

    private static Metadata metadata(Map<String, List<MetadataValue>> values) {
        Metadata.Builder metadata = Metadata.builder();
        values.forEach((key, texts) -> texts.forEach(value -> metadata.add(key, value.text())));
        return metadata.build();
    }

    /** More than an int holds is out of the builder's range in any case, which says so. */
    private static int bytes(DataSize size) {
        return (int) Math.max(Integer.MIN_VALUE, Math.min(Integer.MAX_VALUE, size.toBytes()));
    }
}
