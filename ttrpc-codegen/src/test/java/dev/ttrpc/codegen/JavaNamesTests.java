package dev.ttrpc.codegen;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class JavaNamesTests {

    @ParameterizedTest
    @CsvSource({
        "SayHello, sayHello, SAY_HELLO",
        "sayHello, sayHello, SAY_HELLO",
        "say_hello, sayHello, SAY_HELLO",
        "Say_Hello, sayHello, SAY_HELLO",
        "GetURLOf, getURLOf, GET_URL_OF",
        "Get2, get2, GET2",
        "Get2Times, get2Times, GET2_TIMES",
        "X, x, X",
        "Class, class_, CLASS",
        "yield, yield_, YIELD",
        "Wait, wait_, WAIT",
        "wait_, wait_, WAIT_",
        "ToString, toString_, TO_STRING",
        "record, record, RECORD",
        "_hidden, hidden, _HIDDEN",
    })
    void methodsAndConstants(String rpc, String method, String constant) {
        assertThat(JavaNames.method(rpc)).isEqualTo(method);
        assertThat(JavaNames.constant(rpc)).isEqualTo(constant);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"notify", "notifyAll", "wait", "getClass", "toString", "hashCode", "equals", "clone", "finalize"
            })
    void methodsOfObjectGetAnUnderscore(String name) {
        assertThat(JavaNames.method(name)).isEqualTo(name + "_");
    }

    @ParameterizedTest
    @CsvSource({"Greeter, Greeter", "greeter, greeter", "record, record_", "var, var_", "class, class_", "wait, wait"})
    void types(String service, String type) {
        assertThat(JavaNames.type(service)).isEqualTo(type);
    }

    @ParameterizedTest
    @CsvSource({"foo, Foo", "foo_bar, FooBar", "foo-bar.v1, FooBarV1", "foo2bar, Foo2Bar", "FOO, FOO", "_x_, X"})
    void classesOfFiles(String file, String type) {
        assertThat(JavaNames.upperCamel(file)).isEqualTo(type);
    }
}
