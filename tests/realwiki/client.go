package realwiki

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"mime/multipart"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"strings"
	"time"
)

// Params are the parameters of one request to the API; format and formatversion
// are added.
type Params map[string]string

// Client is a session of one user. It is apart from the bot's own wire on
// purpose: what the tests see must not pass through what they test.
type Client struct {
	api   string
	http  http.Client
	token string
}

// APIError is an answer of the API that says error.
type APIError struct{ Code, Info string }

func (e *APIError) Error() string { return e.Code + ": " + e.Info }

// Anonymous returns a client that is not logged in.
func (w *Wiki) Anonymous() *Client {
	jar, err := cookiejar.New(nil)
	if err != nil {
		w.t.Fatalf("making a cookie jar: %v", err)
	}
	return &Client{api: w.API, http: http.Client{Jar: jar, Timeout: 2 * time.Minute}}
}

// Client returns a client logged in with the user's own password; the same one
// every time. The wiki's helpers use it too.
func (w *Wiki) Client(u User) *Client {
	w.t.Helper()
	w.mu.Lock()
	defer w.mu.Unlock()
	if c, ok := w.clients[u.Name]; ok {
		return c
	}
	c := w.Anonymous()
	if err := c.Login(u.Name, u.Password); err != nil {
		w.t.Fatalf("logging in as %s: %v", u.Name, err)
	}
	w.clients[u.Name] = c
	return c
}

// BotClient returns a new client logged in with the user's bot password.
func (w *Wiki) BotClient(u User) *Client {
	w.t.Helper()
	c := w.Anonymous()
	if err := c.Login(u.BotLogin, u.BotPassword); err != nil {
		w.t.Fatalf("logging in as %s: %v", u.BotLogin, err)
	}
	return c
}

// Login logs in with a bot password or with an account's own.
func (c *Client) Login(name, password string) error {
	token, err := c.askToken("login")
	if err != nil {
		return err
	}
	var answer struct {
		Login struct{ Result, Reason string }
	}
	err = c.Post(Params{"action": "login", "lgname": name, "lgpassword": password, "lgtoken": token}, &answer)
	if err != nil {
		return err
	}
	if answer.Login.Result != "Success" {
		return fmt.Errorf("%s: %s", answer.Login.Result, answer.Login.Reason)
	}
	c.token = ""
	return nil
}

// Get asks the API and decodes its answer into out, which may be nil.
func (c *Client) Get(p Params, out any) error {
	answer, err := c.http.Get(c.api + "?" + p.values().Encode())
	return decode(answer, err, out)
}

// Post sends the parameters as a form.
func (c *Client) Post(p Params, out any) error {
	answer, err := c.http.PostForm(c.api, p.values())
	return decode(answer, err, out)
}

// Write posts with the session's csrf token.
func (c *Client) Write(p Params, out any) error {
	token, err := c.csrf()
	if err != nil {
		return err
	}
	p["token"] = token
	return c.Post(p, out)
}

// Upload stores content under name ("A.png", without namespace), over an
// existing file too.
func (c *Client) Upload(name string, content []byte, text, comment string) error {
	token, err := c.csrf()
	if err != nil {
		return err
	}
	p := Params{"action": "upload", "filename": name, "text": text, "comment": comment, "ignorewarnings": "1", "token": token}
	var body bytes.Buffer
	form := multipart.NewWriter(&body)
	for key, values := range p.values() {
		if err := form.WriteField(key, values[0]); err != nil {
			return err
		}
	}
	part, err := form.CreateFormFile("file", "file")
	if err != nil {
		return err
	}
	if _, err := part.Write(content); err != nil {
		return err
	}
	if err := form.Close(); err != nil {
		return err
	}
	answer, err := c.http.Post(c.api, form.FormDataContentType(), &body)
	return decode(answer, err, nil)
}

func (c *Client) csrf() (string, error) {
	if c.token != "" {
		return c.token, nil
	}
	token, err := c.askToken("csrf")
	c.token = token
	return token, err
}

func (c *Client) askToken(kind string) (string, error) {
	var answer struct {
		Query struct{ Tokens map[string]string }
	}
	err := c.Get(Params{"action": "query", "meta": "tokens", "type": kind}, &answer)
	return answer.Query.Tokens[kind+"token"], err
}

func (p Params) values() url.Values {
	values := url.Values{"format": {"json"}, "formatversion": {"2"}}
	for key, value := range p {
		values.Set(key, value)
	}
	return values
}

func decode(answer *http.Response, err error, out any) error {
	if err != nil {
		return err
	}
	defer answer.Body.Close()
	text, err := io.ReadAll(answer.Body)
	if err != nil {
		return err
	}
	var failed struct{ Error *APIError }
	if err := json.Unmarshal(text, &failed); err != nil {
		return fmt.Errorf("HTTP %s with an answer that is not JSON: %w\n%s", answer.Status, err, strings.TrimSpace(string(text)))
	}
	if failed.Error != nil {
		return failed.Error
	}
	if out == nil {
		return nil
	}
	return json.Unmarshal(text, out)
}
