package provider_test

import (
	"testing"

	"filewarden/tasks/copyvio/provider"
	"filewarden/tasks/copyvio/provider/providertest"
)

// services are all personalities of the fake.
func services() []string {
	return []string{providertest.Google, providertest.TinEye, providertest.Yandex, providertest.Contract}
}

// What becomes of images depends on what the service does. Whatever it is, each
// image has a result, and none is paid for twice.
func TestNoImageIsLostAndNoneIsPaidForTwice(t *testing.T) {
	for _, service := range services() {
		for _, scene := range providertest.Scenarios() {
			t.Run(service+"/"+string(scene), func(t *testing.T) {
				w := newWorld(t, providertest.Options{Default: scene}).only(service)
				switch scene {
				case providertest.None:
					w.wantStates(w.settle(hundred(), 0), provider.Nothing)
				case providertest.BadImage:
					w.wantStates(w.settle(hundred(), 0), provider.Refused)
				case providertest.BusyThenOK:
					w.wantStates(w.settle(hundred(), 300), provider.Found)
				case providertest.ImageError, providertest.KeyRefused, providertest.NoFunds, providertest.Broken, providertest.WebPage:
					w.outlives(service)
				case providertest.Truncated, providertest.CutOff, providertest.Lost, providertest.Slow:
					w.doubts(service)
				default:
					w.wantStates(w.settle(hundred(), 0), provider.Found)
				}
				w.wantBilled(service, 1)
				w.wantFigures(service)
			})
		}
	}
}

// outlives is trouble that costs nothing: all images wait, and are answered when it is over.
func (w *world) outlives(service string) {
	w.wantStates(w.settle(hundred(), 4), provider.Waiting)
	if billed := w.server.Billed(service); len(billed) > 0 {
		w.t.Errorf("%d images were billed", len(billed))
	}
	if f := w.figure(service); f.Ever.Failed > 0 && f.Ever.Units > 0 && w.server.Biggest(service) == 1 {
		w.t.Errorf("%d units were not given back", f.Ever.Units)
	}
	w.server.SetDefault(providertest.FullAndPages)
	w.wantStates(w.settle(hundred(), 300), provider.Found)
}

// doubts is trouble that may have been paid for: such images are asked about
// again at a person's word only.
func (w *world) doubts(service string) {
	first := w.settle(hundred(), 300)
	w.wantStates(first, provider.Doubtful, provider.Found)
	inDoubt := states(first)[provider.Doubtful]
	if inDoubt == 0 {
		w.t.Error("nothing is in doubt")
	}
	list, err := w.desk.Doubtful()
	if err != nil || len(list) != inDoubt {
		w.t.Errorf("%d doubts are listed, want %d (%v)", len(list), inDoubt, err)
	}
	w.server.SetDefault(providertest.FullAndPages)
	w.open()
	before := w.server.Requests(service)
	if again := states(w.settle(hundred(), 3)); again[provider.Doubtful] != inDoubt || w.server.Requests(service) != before {
		w.t.Errorf("doubtful images were asked about without a person's word: %v", again)
	}
	w.wantBilled(service, 1)
	w.mu.Lock()
	w.now = w.now.AddDate(0, 0, 1)
	w.mu.Unlock()
	w.wantStates(w.inquire(provider.Inquiry{Images: hundred(), Doubts: true}), provider.Found)
	if n := w.server.Requests(service) - before; n > inDoubt {
		w.t.Errorf("%d requests for %d doubtful images", n, inDoubt)
	}
	w.wantPaidAgain(service, inDoubt)
}

// wantPaidAgain fails unless exactly so many images were billed twice, and
// starts a new ledger for the rest of the test by its own count.
func (w *world) wantPaidAgain(service string, images int) {
	w.t.Helper()
	total := 0
	for _, units := range w.server.Billed(service) {
		total += units
	}
	if want := (100 + images) * w.units(service); total != want {
		w.t.Errorf("%d units were billed, want %d", total, want)
	}
	w.server.Forget()
}

// wantFigures fails unless the figures add up, and the service saw no misuse.
func (w *world) wantFigures(service string) {
	w.t.Helper()
	c := w.figure(service).Ever
	if sum := c.Found + c.Nothing + c.Refused + c.Failed + c.Doubtful; sum != c.Asked {
		w.t.Errorf("the figures do not add up: %+v", c)
	}
	for _, fault := range w.server.Faults() {
		w.t.Error(fault)
	}
	if n := w.server.Biggest(service); n > 16 {
		w.t.Errorf("%d images in one request", n)
	}
}
