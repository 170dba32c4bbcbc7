package dev.ttrpc.codegen;

/** What a method becomes in one of the generated types: a template for each kind of method. */
record MethodTemplates(Template unary, Template serverStreaming, Template clientStreaming, Template bidiStreaming) {

    Template of(Rpc rpc) {
        return switch (rpc.kind()) {
            case UNARY -> unary;
            case SERVER_STREAMING -> serverStreaming;
            case CLIENT_STREAMING -> clientStreaming;
            case BIDI_STREAMING -> bidiStreaming;
        };
    }
}
