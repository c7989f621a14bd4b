package web

import (
	"filewarden/bot"

	"github.com/prometheus/client_golang/prometheus"
)

// collector reads the bot's own counters when asked, so no package beneath has
// to know of Prometheus.
type collector struct {
	bot  *bot.Bot
	desc descriptions
}

func describe(name, help string, labels ...string) *prometheus.Desc {
	return prometheus.NewDesc("filewarden_"+name, help, labels, nil)
}

// descriptions of every metric.
type descriptions struct {
	notices, edits, passes, overdue, success, pending, requests, figure *prometheus.Desc
}

func newDescriptions() descriptions {
	return descriptions{
		notices:  describe("notices_total", "Notices by what became of them.", "kind", "channel", "outcome", "group"),
		edits:    describe("edits_total", "Edits made.", "task", "kind"),
		passes:   describe("passes_total", "Passes of a task.", "task", "outcome"),
		overdue:  describe("task_overdue", "1 when a task's pass should have begun long ago.", "task"),
		success:  describe("task_last_success_seconds", "Unix time of the last good pass's start.", "task"),
		pending:  describe("events_pending", "Events that wait for their window.", "kind"),
		requests: describe("wiki_requests_total", "Requests to the home wiki."),
		figure:   describe("task_figure", "Numbers that a task tells of its work.", "task", "name", "of"),
	}
}

// Describe announces the metrics.
func (c collector) Describe(out chan<- *prometheus.Desc) {
	d := c.desc
	for _, one := range []*prometheus.Desc{d.notices, d.edits, d.passes, d.overdue, d.success, d.pending, d.requests, d.figure} {
		out <- one
	}
}

// Collect reads the counters.
func (c collector) Collect(out chan<- prometheus.Metric) {
	for n, v := range c.bot.Tally().Notices() {
		out <- prometheus.MustNewConstMetric(c.desc.notices, prometheus.CounterValue, float64(v), n.Kind, n.Channel, n.Outcome, n.Group)
	}
	for e, v := range c.bot.Tally().Edits() {
		out <- prometheus.MustNewConstMetric(c.desc.edits, prometheus.CounterValue, float64(v), e.Task, e.Kind)
	}
	for r, v := range c.bot.Tally().Runs() {
		out <- prometheus.MustNewConstMetric(c.desc.passes, prometheus.CounterValue, float64(v), r.Task, r.Outcome)
	}
	out <- prometheus.MustNewConstMetric(c.desc.requests, prometheus.CounterValue, float64(c.bot.Wiki().Stats().Requests))
	waiting, err := c.bot.Pending()
	if err == nil { // before the first poll nothing is known to wait
		for kind, n := range waiting {
			out <- prometheus.MustNewConstMetric(c.desc.pending, prometheus.GaugeValue, float64(n), kind)
		}
	}
	for _, t := range c.bot.Tasks() {
		c.task(t.Task.Name(), out)
	}
}

func (c collector) task(name string, out chan<- prometheus.Metric) {
	account, err := c.bot.AccountOf(name)
	if err == nil {
		for _, f := range account.Figures {
			out <- prometheus.MustNewConstMetric(c.desc.figure, prometheus.GaugeValue, f.Value, name, f.Name, f.Of)
		}
	}
	state, err := c.bot.TaskState(name)
	if err != nil {
		return
	}
	late := 0.0
	if state.State == bot.Overdue {
		late = 1
	}
	out <- prometheus.MustNewConstMetric(c.desc.overdue, prometheus.GaugeValue, late, name)
	if !state.Success.IsZero() {
		out <- prometheus.MustNewConstMetric(c.desc.success, prometheus.GaugeValue, float64(state.Success.Unix()), name)
	}
}
