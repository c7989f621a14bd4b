package storage_test

import (
	"context"
	"errors"
	"testing"

	"filewarden/storage"
)

func TestMaintenanceKeepsEveryRow(t *testing.T) {
	for name, s := range map[string]storage.Store{"memory": storage.Memory(), "folder": open(t, closedFolder(t))} {
		if name == "memory" {
			put(t, s, 0)
			put(t, s, rowsEach)
		}
		if err := storage.Maintain(t.Context(), storage.Part(s, "usage")); err != nil {
			t.Errorf("%s: %v", name, err)
		}
		wantRows(t, s, 2*rowsEach)
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	}
}

func TestMaintenanceDoesNotBeginWhenTheBotStops(t *testing.T) {
	s := open(t, t.TempDir())
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if err := storage.Maintain(ctx, s); !errors.Is(err, context.Canceled) {
		t.Errorf("error %v", err)
	}
	s.Close()
	if err := storage.Maintain(t.Context(), s); !errors.Is(err, storage.ErrClosed) {
		t.Errorf("error %v, want ErrClosed", err)
	}
}
