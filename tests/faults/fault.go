package faults

import (
	"encoding/json"
	"fmt"
	"net/http"
)

// Fault deals with one request in the wiki's place.
type Fault func(*Exchange)

// Pass is no fault.
func Pass(e *Exchange) {
	answer, err := e.Forward()
	if err != nil {
		e.Reset(nil)
		return
	}
	e.Say(answer)
}

// Forge answers what the wiki did not say, and keeps the request from it.
func Forge(status int, header map[string]string, body string) Fault {
	return func(e *Exchange) { e.Say(forged(status, header, body)) }
}

// AfterWrite lets the wiki act and answers something else.
func AfterWrite(status int, header map[string]string, body string) Fault {
	return func(e *Exchange) {
		if _, err := e.Forward(); err != nil {
			e.Reset(nil)
			return
		}
		e.Say(forged(status, header, body))
	}
}

func forged(status int, header map[string]string, body string) Answer {
	h := http.Header{"Content-Type": {"application/json"}}
	if body != "" && body[0] == '<' {
		h.Set("Content-Type", "text/html")
	}
	for name, value := range header {
		h.Set(name, value)
	}
	return Answer{status, h, []byte(body)}
}

// APIError is a refusal in the API's own words (API:Errors_and_warnings), with
// HTTP status 200 as always. data goes into the error: `"blockpartial":true`.
func APIError(code, data string) Fault {
	return Forge(http.StatusOK, map[string]string{"MediaWiki-API-Error": code}, ErrorBody(code, data))
}

// Lagged is the error maxlag as MediaWiki sends it.
func Lagged() Fault {
	return Forge(http.StatusOK, map[string]string{"MediaWiki-API-Error": "maxlag", "Retry-After": "5", "X-Database-Lag": "9"},
		ErrorBody("maxlag", `"host":"db1","lag":9,"type":"db"`))
}

// ErrorBody is the body of an [APIError].
func ErrorBody(code, data string) string {
	if data != "" {
		data = "," + data
	}
	quoted, err := json.Marshal(code)
	if err != nil {
		panic(err) // a string is always JSON
	}
	return fmt.Sprintf(`{"error":{"code":%s,"info":"forged for a test"%s},"servedby":"proxy"}`, quoted, data)
}

// LoseRequest resets the connection before the wiki hears of the request.
func LoseRequest(e *Exchange) { e.Reset(nil) }

// LoseAnswer lets the wiki act and resets the connection instead of answering.
func LoseAnswer(e *Exchange) {
	_, _ = e.Forward() // an error is an answer lost too
	e.Reset(nil)
}

// CutAnswer lets the wiki act, promises its whole answer and sends half of it.
func CutAnswer(e *Exchange) {
	answer, err := e.Forward()
	if err != nil {
		e.Reset(nil)
		return
	}
	head := fmt.Sprintf("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n", len(answer.Body))
	e.Reset(append([]byte(head), answer.Body[:len(answer.Body)/2]...))
}

// HalfJSON lets the wiki act and passes half of its answer on as if it were all.
func HalfJSON(e *Exchange) {
	answer, err := e.Forward()
	if err != nil {
		e.Reset(nil)
		return
	}
	answer.Header.Del("Content-Length")
	e.Say(Answer{answer.Status, answer.Header, answer.Body[:len(answer.Body)/2]})
}

// Silence lets the wiki act and never answers: the bot's patience ends first.
func Silence(e *Exchange) {
	_, _ = e.Forward()
	<-e.Gone()
}

// Late holds the request until released is closed, long after the bot has given
// it up, and only then lets the wiki act.
func Late(released <-chan struct{}) Fault {
	return func(e *Exchange) {
		<-e.Gone()
		<-released
		_, _ = e.Forward()
	}
}

// Times lets a fault happen to the first n requests that match, and to no other.
func Times(n int, match func(Request) bool, f Fault) Plan {
	met := 0
	return func(r Request) Fault {
		if !match(r) {
			return nil
		}
		if met++; met > n {
			return nil
		}
		return f
	}
}
