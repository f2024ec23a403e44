using MedGenCluster.Silo.Operations;

namespace MedGenCluster.Silo.Tests.Operations;

public sealed class OperationBookTests
{
    [Fact]
    public async Task One_of_a_kind_and_key_runs_at_a_time()
    {
        var book = new OperationBook(TimeProvider.System);
        var go = new TaskCompletionSource();
        var first = book.Start("export", "a", "Export a", async (_, _) => { await go.Task; return 7; });

        Assert.NotNull(first);
        Assert.Null(book.Start("export", "a", "Export a", (_, _) => Task.FromResult<object?>(null)));
        Assert.NotNull(book.Start("export", "b", "Export b", (_, _) => Task.FromResult<object?>(null)));
        go.SetResult();
        await book.DisposeAsync();
        Assert.Equal(("done", 7), (book.Find(first.Id)!.State, book.Find(first.Id)!.Result));
    }

    [Fact]
    public async Task What_fails_tells_why()
    {
        var book = new OperationBook(TimeProvider.System);
        var operation = book.Start("export", "", "Export", (_, _) => throw new IOException("The disk is full."));
        await book.DisposeAsync();

        Assert.Equal(("failed", "The disk is full."), (book.Find(operation!.Id)!.State, book.Find(operation.Id)!.Error));
    }

    [Fact]
    public async Task The_hosts_end_stops_what_runs()
    {
        var book = new OperationBook(TimeProvider.System);
        var operation = book.Start("export", "", "Export", async (_, stop) => { await Task.Delay(Timeout.Infinite, stop); return null; });
        await book.DisposeAsync();

        Assert.Equal("failed", book.Find(operation!.Id)!.State);
    }

    [Fact]
    public async Task A_late_step_does_not_open_what_has_ended()
    {
        var book = new OperationBook(TimeProvider.System);
        IProgress<OperationStep>? steps = null;
        var operation = book.Start("export", "", "Export", (progress, _) => { steps = progress; progress.Report(new OperationStep(0.5, "half")); return Task.FromResult<object?>(null); });
        await book.DisposeAsync();
        steps!.Report(new OperationStep(0.7));

        Assert.Equal(("done", 1.0), (book.Find(operation!.Id)!.State, book.Find(operation.Id)!.Progress));
    }

    [Fact]
    public async Task The_last_fifty_are_kept_newest_first()
    {
        var book = new OperationBook(TimeProvider.System);
        for (var i = 0; i < 60; i++)
        {
            book.Start("export", $"{i}", $"Export {i}", (_, _) => Task.FromResult<object?>(null));
            SpinWait.SpinUntil(() => book.All()[0].State == "done");
        }

        Assert.Equal(50, book.All().Count);
        Assert.Equal("Export 59", book.All()[0].Title);
        await book.DisposeAsync();
    }
}
