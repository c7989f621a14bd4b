# Varnish asks `filewarden url serve` before it serves a media file.
#
# Works with Debian's package varnish, without further modules. Put in your
# own: the two backends.
#
# Each request goes twice through this file. First it is sent to the service,
# past the cache; then it is restarted with the answer in its headers and served.
# The check comes before the cache, so a cached file is refused as well.
#
# The service decides between 204 and 403 by its own --require, so one setting
# there changes every edge: "none" only watches, "unforged" refuses forgeries,
# "signed" and "valid" refuse more. Here is only said what to do with the answer.

vcl 4.1;

backend media {                         # the servers that have the files
    .host = "127.0.0.1";
    .port = "8080";
}

backend filewarden {                    # or .path = "/run/filewarden/edge.sock";
    .host = "127.0.0.1";
    .port = "8378";
    .connect_timeout = 1s;
    .first_byte_timeout = 1s;
}

sub vcl_recv {
    if (req.restarts == 0) {
        # What a client says of its own address does not count.
        unset req.http.X-Media-Signature;
        unset req.http.X-Media-Source;
        unset req.http.X-Media-Age;

        if (req.method != "GET" && req.method != "HEAD") {
            return (synth(405));
        }
        set req.http.X-Original-URI = req.url;
        set req.http.X-Media-Step = "verify";
        set req.backend_hint = filewarden;
        return (pass);
    }
    set req.backend_hint = media;
}

sub vcl_backend_fetch {
    if (bereq.http.X-Media-Step == "verify") {
        set bereq.url = "/verify";
        unset bereq.http.Cookie;
        unset bereq.http.Authorization;
    }
}

sub vcl_backend_error {
    # The service is away: an answer that vcl_deliver does not take for a 403.
    if (bereq.http.X-Media-Step == "verify") {
        set beresp.status = 503;
        return (deliver);
    }
}

sub vcl_deliver {
    if (req.http.X-Media-Step == "verify") {
        unset req.http.X-Media-Step;
        unset req.http.X-Original-URI;
        if (resp.status == 204 || resp.status == 403) {
            set req.http.X-Media-Signature = resp.http.X-Media-Signature;
            set req.http.X-Media-Source = resp.http.X-Media-Source;
            if (resp.http.X-Media-Age) {
                set req.http.X-Media-Age = resp.http.X-Media-Age;
            }
        }
        if (resp.status == 403) {
            return (synth(403));
        }
        # Anything else than 204: the service is away or confused. Readers still
        # get their pictures, unmarked. For the opposite: return (synth(503));
        return (restart);
    }
    call media_marks;
}

sub vcl_synth {
    call media_marks;
}

# To the client: tells gadget authors what is wrong. The marks are those of this
# request; what the origin or the cache says there is another one's.
sub media_marks {
    unset resp.http.X-Media-Signature;
    unset resp.http.X-Media-Source;
    unset resp.http.X-Media-Age;
    if (req.http.X-Media-Signature) {
        set resp.http.X-Media-Signature = req.http.X-Media-Signature;
        set resp.http.X-Media-Source = req.http.X-Media-Source;
    }
    if (req.http.X-Media-Age) {
        set resp.http.X-Media-Age = req.http.X-Media-Age;
    }
}

# One file, one place in the cache: addresses differ by wiki in their parameters.
sub vcl_hash {
    hash_data(regsub(req.url, "\?.*$", ""));
    hash_data(req.http.Host);
    return (lookup);
}
