using Dapper;
using MedGenCluster.Engine.Ledger;
using MedGenCluster.Engine.Ledger.Sqlite;
using MedGenCluster.Engine.Tests.Support;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging.Abstractions;

namespace MedGenCluster.Engine.Tests.Ledger;

/// <summary>Many operations share a commit, and share nothing else.</summary>
public sealed class GroupCommitterTests : IDisposable
{
    private readonly SqliteConnection _connection = new("Data Source=:memory:");
    private readonly FakeTime _time = new();
    private readonly ManualResetEventSlim _gate = new();
    private readonly SqliteSession _session;
    private readonly GroupCommitter _committer;
    private int _commits;
    private int _rollbacks;

    public GroupCommitterTests()
    {
        _session = new SqliteSession(_connection, _time);
        _connection.Open();
        _connection.Execute("CREATE TABLE note(text TEXT NOT NULL UNIQUE, body TEXT)");
        _committer = new GroupCommitter(_session, _time, NullLogger.Instance, () => { }, () => _commits++, () => _rollbacks++);
    }

    public void Dispose()
    {
        _gate.Set();
        _committer.DisposeAsync().AsTask().GetAwaiter().GetResult();
        _connection.Dispose();
        _gate.Dispose();
    }

    [Fact]
    public async Task Operations_that_wait_together_commit_together()
    {
        var held = await HoldWriterAsync();
        var writes = Enumerable.Range(0, 100).Select(i => WriteAsync("note " + i)).ToList();
        _gate.Set();
        await Task.WhenAll([held, .. writes]).Soon();

        Assert.Equal(100, Notes());
        Assert.Equal(2, _commits);
    }

    [Fact]
    public async Task An_operation_that_fails_fails_alone()
    {
        var held = await HoldWriterAsync();
        var before = Enumerable.Range(0, 5).Select(i => WriteAsync("before " + i)).ToList();
        var twice = WriteAsync("before 3");
        var surprise = _committer.RunAsync<int>(_ => throw new InvalidOperationException("surprise"));
        var after = Enumerable.Range(0, 5).Select(i => WriteAsync("after " + i)).ToList();
        _gate.Set();

        await Task.WhenAll([held, .. before, .. after]).Soon();
        await Assert.ThrowsAsync<SqliteException>(() => twice);
        Assert.Equal("surprise", (await Assert.ThrowsAsync<InvalidOperationException>(() => surprise)).Message);
        Assert.Equal(10, Notes());
        Assert.Equal((1 + 10, 1 + 2), (_commits, _rollbacks));
        Assert.Null(_committer.Stalled);
    }

    [Fact]
    public async Task An_operation_is_acknowledged_after_its_commit()
    {
        var commitsSeen = await _committer.RunAsync(_ => _commits).ContinueWith(ran => (During: ran.Result, After: _commits), TaskScheduler.Default).Soon();

        Assert.Equal((0, 1), commitsSeen);
    }

    [Fact]
    public async Task A_full_disk_holds_everything_and_loses_nothing()
    {
        await FillAsync();
        var waiting = Enumerable.Range(0, 50).Select(i => WriteAsync("waiting " + i, bytes: 5000)).ToList();
        await _time.WhenWaitingAsync(delay => delay > TimeSpan.Zero);

        Assert.Contains("Free some space", _committer.Stalled);
        _time.Advance(TimeSpan.FromSeconds(1));
        await _time.WhenWaitingAsync(delay => delay > TimeSpan.Zero);
        Assert.NotNull(_committer.Stalled);
        Assert.Contains(waiting, write => !write.IsCompleted);

        Limit(1_000_000);
        _time.Advance(TimeSpan.FromSeconds(1));
        await Task.WhenAll(waiting).Soon();
        Assert.Equal(50, _connection.ExecuteScalar<long>("SELECT COUNT(*) FROM note WHERE text LIKE 'waiting%'"));
        await WriteAsync("one more").Soon();
        Assert.Null(_committer.Stalled);
    }

    [Fact]
    public async Task A_ledger_that_closes_on_a_full_disk_fails_what_waits()
    {
        await FillAsync();
        var waiting = Enumerable.Range(0, 5).Select(i => WriteAsync("waiting " + i, bytes: 100_000)).ToList();
        await _time.WhenWaitingAsync(delay => delay > TimeSpan.Zero);

        await _committer.DisposeAsync().AsTask().Soon();

        foreach (var write in waiting)
        {
            await Assert.ThrowsAsync<SqliteException>(() => write.Soon());
        }
    }

    [Fact]
    public async Task What_is_queued_when_the_ledger_closes_is_written_first()
    {
        var held = await HoldWriterAsync();
        var writes = Enumerable.Range(0, 20).Select(i => WriteAsync("note " + i)).ToList();
        var closing = _committer.DisposeAsync().AsTask();
        _gate.Set();
        await Task.WhenAll([held, closing, .. writes]).Soon();

        Assert.Equal(20, Notes());
        await Assert.ThrowsAnyAsync<InvalidOperationException>(() => WriteAsync("late"));
    }

    /// <summary>Keeps the writer inside an operation until the gate opens.</summary>
    private async Task<Task> HoldWriterAsync()
    {
        var inside = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var held = _committer.RunAsync(_ =>
        {
            inside.SetResult();
            Assert.True(_gate.Wait(Patience.Limit));
            return 0;
        });
        await inside.Task.Soon();
        return held;
    }

    private Task<int> WriteAsync(string note, int bytes = 0) => _committer.RunAsync(_ =>
        _connection.Execute("INSERT INTO note(text, body) VALUES (@note, @body)", new { note, body = new string('x', bytes) }, _session.Transaction));

    private async Task FillAsync()
    {
        await WriteAsync("first").Soon();
        Limit(_connection.ExecuteScalar<long>("PRAGMA page_count") + 20);
    }

    /// <summary>SQLite answers SQLITE_FULL beyond its greatest page, as on a full disk.</summary>
    private void Limit(long pages) => _connection.Execute($"PRAGMA max_page_count = {pages}");

    private long Notes() => _connection.ExecuteScalar<long>("SELECT COUNT(*) FROM note");
}
