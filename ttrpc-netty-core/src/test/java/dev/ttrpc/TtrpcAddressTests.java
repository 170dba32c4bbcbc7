package dev.ttrpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.ttrpc.TtrpcAddress.Abstract;
import dev.ttrpc.TtrpcAddress.Custom;
import dev.ttrpc.TtrpcAddress.HybridVsock;
import dev.ttrpc.TtrpcAddress.InProcess;
import dev.ttrpc.TtrpcAddress.InheritedFd;
import dev.ttrpc.TtrpcAddress.NamedPipe;
import dev.ttrpc.TtrpcAddress.Systemd;
import dev.ttrpc.TtrpcAddress.Tcp;
import dev.ttrpc.TtrpcAddress.Unix;
import dev.ttrpc.TtrpcAddress.Vsock;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class TtrpcAddressTests {

    /** Text, what it is, its canonical form. */
    static Stream<Arguments> goodAddresses() {
        return Stream.of(
                good("unix:///run/x.sock", new Unix("/run/x.sock"), "unix:///run/x.sock"),
                good("unix:/run/x.sock", new Unix("/run/x.sock"), "unix:///run/x.sock"),
                good("UNIX:///run/x.sock", new Unix("/run/x.sock"), "unix:///run/x.sock"),
                good("Unix:/Run/X.sock", new Unix("/Run/X.sock"), "unix:///Run/X.sock"),
                good("unix:///run/a b.sock", new Unix("/run/a b.sock"), "unix:///run/a b.sock"),
                good("unix:///run/a%20b", new Unix("/run/a%20b"), "unix:///run/a%20b"),
                good("unix:///run/x?y#z", new Unix("/run/x?y#z"), "unix:///run/x?y#z"),
                good("unix:///run/a:1.sock", new Unix("/run/a:1.sock"), "unix:///run/a:1.sock"),
                good("unix:///run/../x.sock", new Unix("/run/../x.sock"), "unix:///run/../x.sock"),
                good("unix:///run/größe.sock", new Unix("/run/größe.sock"), "unix:///run/größe.sock"),
                good("unix:///@x", new Unix("/@x"), "unix:///@x"),
                good("unix:///C:/run/x.sock", new Unix("C:/run/x.sock"), "unix:///C:/run/x.sock"),
                good("unix:C:\\run\\x.sock", new Unix("C:\\run\\x.sock"), "unix:///C:\\run\\x.sock"),
                good("unix://@name", new Abstract("name"), "unix://@name"),
                good("unix:@name", new Abstract("name"), "unix://@name"),
                good("unix://@/run/x.sock", new Abstract("/run/x.sock"), "unix://@/run/x.sock"),
                good("unix://@@x", new Abstract("@x"), "unix://@@x"),
                good("unix://@" + "n".repeat(107), new Abstract("n".repeat(107)), "unix://@" + "n".repeat(107)),
                good("tcp://127.0.0.1:1024", new Tcp("127.0.0.1", 1024), "tcp://127.0.0.1:1024"),
                good("tcp://localhost:0", new Tcp("localhost", 0), "tcp://localhost:0"),
                good("TCP://Example.COM:65535", new Tcp("example.com", 65535), "tcp://example.com:65535"),
                good("tcp://node_1.my-cluster:80", new Tcp("node_1.my-cluster", 80), "tcp://node_1.my-cluster:80"),
                good("tcp://example.com.:80", new Tcp("example.com.", 80), "tcp://example.com.:80"),
                good("tcp://0.0.0.0:007", new Tcp("0.0.0.0", 7), "tcp://0.0.0.0:7"),
                good("tcp://[::1]:1024", new Tcp("::1", 1024), "tcp://[::1]:1024"),
                good("tcp://[::]:0", new Tcp("::", 0), "tcp://[::]:0"),
                good("tcp://[2001:DB8::1]:80", new Tcp("2001:db8::1", 80), "tcp://[2001:db8::1]:80"),
                good("tcp://[fe80::1%eth0]:80", new Tcp("fe80::1%eth0", 80), "tcp://[fe80::1%eth0]:80"),
                good("tcp://[::ffff:1.2.3.4]:80", new Tcp("::ffff:1.2.3.4", 80), "tcp://[::ffff:1.2.3.4]:80"),
                good("vsock://3:1024", new Vsock(3, 1024), "vsock://3:1024"),
                good("vsock://any:1024", new Vsock(Vsock.ANY, 1024), "vsock://any:1024"),
                good("vsock://-1:1024", new Vsock(Vsock.ANY, 1024), "vsock://any:1024"),
                good("VSOCK://ANY:1024", new Vsock(Vsock.ANY, 1024), "vsock://any:1024"),
                good("vsock://host:9", new Vsock(Vsock.HOST, 9), "vsock://host:9"),
                good("vsock://2:9", new Vsock(Vsock.HOST, 9), "vsock://host:9"),
                good("vsock://local:9", new Vsock(Vsock.LOCAL, 9), "vsock://local:9"),
                good("vsock://0:0", new Vsock(0, 0), "vsock://0:0"),
                good(
                        "vsock://4294967294:4294967294",
                        new Vsock(4294967294L, 4294967294L),
                        "vsock://4294967294:4294967294"),
                good("vsock://4294967295:any", new Vsock(Vsock.ANY, Vsock.ANY), "vsock://any:any"),
                good("vsock://any:-1", new Vsock(Vsock.ANY, Vsock.ANY), "vsock://any:any"),
                good("hvsock:///run/vm.sock:1024", new HybridVsock("/run/vm.sock", 1024), "hvsock:///run/vm.sock:1024"),
                good("hvsock:///run/a:b:1", new HybridVsock("/run/a:b", 1), "hvsock:///run/a:b:1"),
                good("npipe:////./pipe/x", new NamedPipe("x"), "npipe:////./pipe/x"),
                good("npipe://./pipe/x", new NamedPipe("x"), "npipe:////./pipe/x"),
                good("NPIPE:////./PIPE/x-Y", new NamedPipe("x-Y"), "npipe:////./pipe/x-Y"),
                good("\\\\.\\pipe\\x", new NamedPipe("x"), "npipe:////./pipe/x"),
                good("npipe:\\\\.\\pipe\\x", new NamedPipe("x"), "npipe:////./pipe/x"),
                good("\\\\.\\pipe\\a\\b c", new NamedPipe("a\\b c"), "npipe:////./pipe/a/b c"),
                good("fd://3", new InheritedFd(3), "fd://3"),
                good("fd://0", new InheritedFd(0), "fd://0"),
                good("systemd://agent.socket", new Systemd("agent.socket"), "systemd://agent.socket"),
                good("in-process:greeter", new InProcess("greeter"), "in-process:greeter"),
                good("In-Process:Greeter 2", new InProcess("Greeter 2"), "in-process:Greeter 2"),
                good("in-process:tcp://x:1", new InProcess("tcp://x:1"), "in-process:tcp://x:1"),
                good("quic://h:1", new Custom("quic", "//h:1"), "quic://h:1"),
                good("My-Bus:x", new Custom("my-bus", "x"), "my-bus:x"));
    }

    /** Text, and a part of the reason. */
    static Stream<Arguments> badAddresses() {
        return Stream.of(
                bad("", "empty"),
                bad("   ", "empty"),
                bad(" unix:///run/x", "white space"),
                bad("unix:///run/x ", "white space"),
                bad("\tunix:///run/x", "control character"),
                bad("unix:///run/x\n", "control character"),
                bad("unix:///run/\0x", "control character"),
                bad("in-process:a\u007fb", "control character"),
                bad("/run/x.sock", "no scheme, write unix:"),
                bad("C:\\run\\x.sock", "no scheme, write unix:"),
                bad("x.sock", "no scheme"),
                bad(":x", "no scheme"),
                bad("127.0.0.1:80", "no scheme"),
                bad("[::1]:80", "no scheme"),
                bad("1x:y", "no scheme"),
                bad("un ix:/run/x", "no scheme"),
                bad("a:b", "no scheme"),
                bad("localhost:8080", "write tcp://localhost:8080"),
                bad("example.com:80", "write tcp://example.com:80"),
                bad("http:", "nothing follows"),
                bad("unix:", "path is empty"),
                bad("unix://", "path is empty"),
                bad("unix:///", "names a directory"),
                bad("unix:///run/", "names a directory"),
                bad("unix:///run/.", "names a directory"),
                bad("unix:///run/..", "names a directory"),
                bad("unix:run/x.sock", "must be absolute"),
                bad("unix:./x.sock", "must be absolute"),
                bad("unix://run/x.sock", "three slashes"),
                bad("unix:////run/x.sock", "more than one slash"),
                bad("unix:\\\\server\\share\\x", "must be absolute"),
                bad("unix://@", "behind the @ is empty"),
                bad("unix://@" + "n".repeat(108), "108 bytes, Linux allows 107"),
                bad("unix://@" + "ß".repeat(54), "108 bytes, Linux allows 107"),
                bad("tcp:127.0.0.1:80", "two slashes"),
                bad("tcp:/127.0.0.1:80", "two slashes"),
                bad("tcp://", "port is missing"),
                bad("tcp://host", "port is missing"),
                bad("tcp://host:", "port is missing"),
                bad("tcp://:80", "host is missing"),
                bad("tcp://*:80", "host is missing"),
                bad("tcp://host:-1", "port '-1' is not a number"),
                bad("tcp://host:65536", "port must be between 0 and 65535"),
                bad("tcp://host:http", "port 'http' is not a number"),
                bad("tcp://host:80/", "port '80/' is not a number"),
                bad("tcp://host:99999999999", "is not a number between 0 and 65535"),
                bad("tcp://host:٨٠", "is not a number"),
                bad("tcp://host: 80", "is not a number"),
                bad("tcp://user@host:80", "neither a host name"),
                bad("tcp://ho st:80", "neither a host name"),
                bad("tcp://größe:80", "neither a host name"),
                bad("tcp://-host:80", "neither a host name"),
                bad("tcp://a..b:80", "neither a host name"),
                bad("tcp://" + "h".repeat(64) + ":80", "neither a host name"),
                bad("tcp://256.1.1.1:80", "four numbers"),
                bad("tcp://1.2.3:80", "four numbers"),
                bad("tcp://1.2.3.4.5:80", "four numbers"),
                bad("tcp://1.2.3.4.:80", "four numbers"),
                bad("tcp://::1:80", "stands in brackets"),
                bad("tcp://[::1:80", "not closed"),
                bad("tcp://[::1]", "port is missing"),
                bad("tcp://[::1]80", "port is missing"),
                bad("tcp://[::1]:", "port is missing"),
                bad("tcp://[host]:80", "only an IPv6 address"),
                bad("tcp://[]:80", "only an IPv6 address"),
                bad("tcp://[1::2::3]:80", "not a valid IPv6"),
                bad("tcp://[::g]:80", "not a valid IPv6"),
                bad("tcp://[::1%]:80", "behind the %"),
                bad("tcp://[::1%a b]:80", "behind the %"),
                bad("vsock:3:1", "two slashes"),
                bad("vsock://3", "port is missing"),
                bad("vsock://3:", "port is missing"),
                bad("vsock://:1", "cid is missing"),
                bad("vsock://-2:1", "cid '-2' is not a number"),
                bad("vsock://4294967296:1", "cid must be between 0 and 4294967295"),
                bad("vsock://3:4294967296", "port must be between 0 and 4294967295"),
                bad("vsock://guest:1", "cid 'guest' is not a number"),
                bad("vsock://3:1:2", "port '1:2' is not a number"),
                bad("hvsock:/run/vm.sock:1", "two slashes"),
                bad("hvsock:///run/vm.sock", "port is missing"),
                bad("hvsock:///run/a:1/vm.sock", "port is missing"),
                bad("hvsock:///run/vm.sock:", "port is missing"),
                bad("hvsock:///run/vm.sock:any", "port 'any' is not a number"),
                bad("hvsock://run/vm.sock:1", "three slashes"),
                bad("hvsock:///run/:1", "names a directory"),
                bad("npipe:x", "only pipes of this machine"),
                bad("npipe://x", "only pipes of this machine"),
                bad("npipe:////server/pipe/x", "only pipes of this machine"),
                bad("\\\\server\\pipe\\x", "only pipes of this machine"),
                bad("\\\\.\\mailslot\\x", "only pipes of this machine"),
                bad("npipe:////./pipe/", "name is empty"),
                bad("\\\\.\\pipe\\", "name is empty"),
                bad("\\\\.\\pipe\\a\\\\b", "empty part"),
                bad("\\\\.\\pipe\\" + "p".repeat(248), "257 characters, Windows allows 256"),
                bad("fd:3", "two slashes"),
                bad("fd://", "descriptor is missing"),
                bad("fd://-1", "descriptor '-1' is not a number"),
                bad("fd://x", "descriptor 'x' is not a number"),
                bad("fd://4294967296", "descriptor must be between"),
                bad("systemd:x", "two slashes"),
                bad("systemd://", "name is empty"),
                bad("systemd://a:b", "without a colon"),
                bad("systemd://größe", "printable ASCII"),
                bad("systemd://" + "s".repeat(256), "at most 255"),
                bad("in-process:", "name is empty"),
                bad("in-process://x", "begins with a slash"));
    }

    private static Arguments good(String text, TtrpcAddress address, String canonical) {
        return Arguments.of(text, address, canonical);
    }

    private static Arguments bad(String text, String reason) {
        return Arguments.of(text, reason);
    }

    @ParameterizedTest
    @MethodSource("goodAddresses")
    void goodAddressIsReadAndHasACanonicalForm(String text, TtrpcAddress address, String canonical) {
        assertThat(TtrpcAddress.parse(text)).isEqualTo(address);
        assertThat(address).hasToString(canonical);
        assertThat(TtrpcAddress.parse(canonical)).isEqualTo(address);
        assertThat(canonical).startsWith(address.scheme() + ":");
    }

    @ParameterizedTest
    @MethodSource("badAddresses")
    void badAddressIsRefusedInOneSentenceThatHoldsIt(String text, String reason) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> TtrpcAddress.parse(text))
                .withMessageContaining(reason)
                .satisfies(failure -> assertThat(failure.getMessage())
                        .startsWith("Address '" + visible(text) + "' is not valid: ")
                        .doesNotContainPattern("\\p{Cntrl}"));
    }

    private static String visible(String text) {
        return text.replace("\t", "\\u0009")
                .replace("\n", "\\u000a")
                .replace("\0", "\\u0000")
                .replace("\u007f", "\\u007f");
    }

    @Test
    void addressesMadeByHandObeyTheSameRules() {
        assertThatIllegalArgumentException().isThrownBy(() -> new Unix("x")).withMessageContaining("absolute");
        assertThatIllegalArgumentException().isThrownBy(() -> new Tcp("", 1)).withMessageContaining("host is missing");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Tcp("h", 65536))
                .withMessageContaining("65535");
        assertThatIllegalArgumentException().isThrownBy(() -> new Vsock(-1, 1)).withMessageContaining("cid");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new InheritedFd(-1))
                .withMessageContaining("fd://-1");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new NamedPipe("a/b"))
                .withMessageContaining("empty part");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Custom("unix", "/x"))
                .withMessageContaining("built-in");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Custom("Quic", "x"))
                .withMessageContaining("scheme");
    }

    @Test
    void pipeHasThePathThatWindowsWants() {
        assertThat(new NamedPipe("x").path()).isEqualTo("\\\\.\\pipe\\x");
    }
}
