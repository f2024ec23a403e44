using System.Diagnostics.Metrics;
using MedGenCluster.Curation.Models;
using MedGenCluster.GpuWorkers.Batching;
using MedGenCluster.GpuWorkers.Tests.Support;

namespace MedGenCluster.GpuWorkers.Tests.Batching;

public sealed class MicroBatcherTests
{
    private static readonly TimeSpan Guard = TimeSpan.FromSeconds(30);

    private readonly ManualTime _time = new();

    [Fact]
    public async Task A_full_batch_runs_at_once_and_each_item_gets_its_own_result()
    {
        var kernel = new FakeKernel();
        await using var model = Create(kernel, new() { MaxBatch = 4 });

        var results = await Task.WhenAll(Enumerable.Range(0, 4).Select(i => Item(model, i)));

        Assert.Equal(Values(100f, 101, 102, 103), results);
        Assert.Equal([4], kernel.Runs);
    }

    [Fact]
    public async Task A_partial_batch_runs_when_the_linger_of_its_first_item_is_over()
    {
        var kernel = new FakeKernel();
        await using var model = Create(kernel, new() { MaxBatch = 4, Linger = TimeSpan.FromMilliseconds(5) });

        var results = Task.WhenAll(Item(model, 0), Item(model, 1));
        _time.Advance(TimeSpan.FromMilliseconds(4));
        Assert.Empty(kernel.Runs);
        _time.Advance(TimeSpan.FromMilliseconds(1));

        Assert.Equal(Values(100f, 101), await results.WaitAsync(Guard));
        Assert.Equal([2], kernel.Runs);
    }

    [Fact]
    public async Task A_caller_writes_into_the_tensor_that_the_model_reads()
    {
        var kernel = new FakeKernel();
        await using var model = Create(kernel, new() { MaxBatch = 2 });
        using var first = model.TryRent()!;
        using var second = model.TryRent()!;

        unsafe
        {
            fixed (float* a = first.Input, b = second.Input)
                Assert.Equal(2, b - a);
        }
    }

    [Fact]
    public async Task Busy_is_null_and_a_waiting_renter_gets_the_next_free_place_in_turn()
    {
        var kernel = new FakeKernel(held: true);
        await using var model = Create(kernel, new() { MaxBatch = 1, QueuedBatches = 1 });
        var running = Item(model, 0);
        var queued = Item(model, 1);

        Assert.Null(model.TryRent());
        var first = model.RentAsync(CancellationToken.None).AsTask();
        var second = model.RentAsync(CancellationToken.None).AsTask();
        Assert.False(first.IsCompleted);

        kernel.Permit();
        await running.WaitAsync(Guard);
        using var slot = await first.WaitAsync(Guard);
        Assert.False(second.IsCompleted);
        Assert.Null(model.TryRent());
        slot.Dispose();
        (await second.WaitAsync(Guard)).Dispose();
        kernel.Permit();
        Assert.Equal(101, await queued.WaitAsync(Guard));
    }

    [Fact]
    public async Task A_renter_that_gives_up_does_not_stand_in_the_way_of_the_next()
    {
        var kernel = new FakeKernel(held: true);
        await using var model = Create(kernel, new() { MaxBatch = 1, QueuedBatches = 1 });
        var running = Item(model, 0);
        var queued = Item(model, 1);
        using var cancellation = new CancellationTokenSource();
        var first = model.RentAsync(cancellation.Token).AsTask();
        var second = model.RentAsync(CancellationToken.None).AsTask();

        await cancellation.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => first);
        kernel.Permit(2);

        (await second.WaitAsync(Guard)).Dispose();
        Assert.Equal(Values(100f, 101), await Task.WhenAll(running, queued));
    }

    [Fact]
    public async Task One_bad_item_fails_alone()
    {
        var kernel = new FakeKernel();
        await using var model = Create(kernel, new() { MaxBatch = 3 });

        Task<float> good = Item(model, 0), bad = Item(model, FakeKernel.Bad), alsoGood = Item(model, 2);

        Assert.Equal(100, await good.WaitAsync(Guard));
        Assert.Equal(102, await alsoGood.WaitAsync(Guard));
        var error = await Assert.ThrowsAsync<ModelException>(() => bad);
        Assert.Contains("bad item", error.Message);
        Assert.Contains("sum@test", error.Message);
        Assert.Equal(0, model.QueueDepth);
    }

    [Fact]
    public async Task A_place_that_is_given_back_unrun_does_not_hold_up_the_batch()
    {
        var kernel = new FakeKernel();
        await using var model = Create(kernel, new() { MaxBatch = 3 });
        var first = Item(model, 0);
        var unrun = model.TryRent()!;
        var last = Item(model, 2);
        Assert.Empty(kernel.Runs);

        unrun.Dispose();
        _time.Advance(model.Options.Linger);

        Assert.Equal(Values(100f, 102), await Task.WhenAll(first, last).WaitAsync(Guard));
        Assert.Throws<ObjectDisposedException>(() => { _ = unrun.Input; });
        await Assert.ThrowsAsync<InvalidOperationException>(() => unrun.RunAsync(CancellationToken.None).AsTask());
    }

    [Fact]
    public async Task A_row_that_is_given_back_while_the_batch_gathers_is_lent_again()
    {
        var kernel = new FakeKernel();
        await using var model = Create(kernel, new() { MaxBatch = 2, QueuedBatches = 1 });
        var first = Item(model, 0);
        model.TryRent()!.Dispose();
        _time.Advance(model.Options.Linger);
        Assert.Equal(100, await first.WaitAsync(Guard));

        var results = Task.WhenAll(Item(model, 1), Item(model, 2));
        Assert.Equal(Values(101f, 102), await results.WaitAsync(Guard));
        Assert.Equal(2, kernel.Runs.Last());
    }

    [Fact]
    public async Task A_cancelled_item_does_not_hold_up_its_batch_and_is_not_run()
    {
        var kernel = new FakeKernel(held: true);
        await using var model = Create(kernel, new() { MaxBatch = 2, QueuedBatches = 2 });
        var blocker = Task.WhenAll(Item(model, 8), Item(model, 9));
        await kernel.Started.WaitAsync(Guard);
        using var cancellation = new CancellationTokenSource();
        var cancelled = Item(model, FakeKernel.Bad, cancellation.Token);
        var kept = Item(model, 1);

        await cancellation.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => cancelled);
        kernel.Permit(2);

        Assert.Equal(101, await kept.WaitAsync(Guard));
        await blocker;
        Assert.Equal([2, 1], kernel.Runs);
        Assert.Equal(0, model.QueueDepth);
    }

    [Fact]
    public async Task An_item_that_is_cancelled_while_it_runs_leaves_the_others_their_results()
    {
        var kernel = new FakeKernel(held: true);
        await using var model = Create(kernel, new() { MaxBatch = 2 });
        using var cancellation = new CancellationTokenSource();
        var cancelled = Item(model, 0, cancellation.Token);
        var kept = Item(model, 1);
        await kernel.Started.WaitAsync(Guard);

        await cancellation.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => cancelled);
        kernel.Permit();

        Assert.Equal(101, await kept.WaitAsync(Guard));
    }

    [Fact]
    public async Task A_slow_caller_delays_a_batch_by_patience_at_the_most_and_runs_later()
    {
        var kernel = new FakeKernel();
        await using var model = Create(kernel, new() { MaxBatch = 2, Patience = TimeSpan.FromMilliseconds(250) });
        using var slow = model.TryRent()!;
        var quick = Item(model, 1);
        _time.Advance(TimeSpan.FromMilliseconds(249));
        Assert.Empty(kernel.Runs);
        _time.Advance(TimeSpan.FromMilliseconds(1));
        Assert.Equal(101, await quick.WaitAsync(Guard));

        slow.Input.Fill(3);

        Assert.Equal(Values(6f), await slow.RunAsync(CancellationToken.None).AsTask().WaitAsync(Guard));
        Assert.Equal([1, 1], kernel.Runs);
        Assert.Equal(0, model.QueueDepth);
    }

    [Fact]
    public async Task Short_batches_are_padded_to_the_minimum_rows()
    {
        var kernel = new FakeKernel();
        await using var model = Create(kernel, new() { MaxBatch = 4, Linger = TimeSpan.Zero }, minimumRows: 3);

        Assert.Equal(100, await Item(model, 0).WaitAsync(Guard));

        Assert.Equal([3], kernel.Runs);
    }

    [Fact]
    public async Task A_bad_item_that_is_padded_fails_alone_too()
    {
        var kernel = new FakeKernel();
        await using var model = Create(kernel, new() { MaxBatch = 2 }, minimumRows: 2);
        Task<float> bad = Item(model, FakeKernel.Bad), good = Item(model, 1);
        await Assert.ThrowsAsync<ModelException>(() => bad.WaitAsync(Guard));
        Assert.Equal(101, await good.WaitAsync(Guard));
        Assert.Equal([2, 2, 2], kernel.Runs);
    }

    [Fact]
    public async Task Shutting_down_finishes_what_was_handed_in_and_refuses_the_rest()
    {
        var kernel = new FakeKernel(held: true);
        var model = Create(kernel, new() { MaxBatch = 2, QueuedBatches = 1 });
        var running = Task.WhenAll(Item(model, 0), Item(model, 1));
        var handedIn = Item(model, 2);
        var reserved = model.TryRent()!;
        var renter = model.RentAsync(CancellationToken.None).AsTask();
        Assert.False(renter.IsCompleted);

        var stopped = model.DisposeAsync().AsTask();
        await Assert.ThrowsAsync<ObjectDisposedException>(() => renter.WaitAsync(Guard));
        await Assert.ThrowsAsync<ModelException>(() => reserved.RunAsync(CancellationToken.None).AsTask());
        Assert.Throws<ObjectDisposedException>(() => model.TryRent());
        kernel.Permit(2);
        await stopped.WaitAsync(Guard);

        Assert.Equal(Values(100f, 101), await running);
        Assert.Equal(102, await handedIn);
        Assert.True(kernel.Disposed);
        await model.DisposeAsync();
    }

    [Fact]
    public async Task Two_kernels_run_two_batches_at_the_same_time()
    {
        FakeKernel[] kernels = [new(held: true), new(held: true)];
        await using var model = new MicroBatcher("sum", "sum@test:0", false, kernels, new() { MaxBatch = 1 }, _time);
        var results = Task.WhenAll(Item(model, 0), Item(model, 1));

        await Task.WhenAll(kernels.Select(kernel => kernel.Started)).WaitAsync(Guard);
        foreach (var kernel in kernels)
            kernel.Permit();

        Assert.Equal(Values(100f, 101), await results.WaitAsync(Guard));
    }

    [Fact]
    public async Task Many_callers_with_failures_and_cancellations_all_get_their_own_answer_and_leave_nothing_behind()
    {
        var kernel = new FakeKernel();
        await using var model = new MicroBatcher(
            "sum", "sum@test:0", false, [kernel], new() { MaxBatch = 8, QueuedBatches = 1, Linger = TimeSpan.FromMilliseconds(1) }, TimeProvider.System);

        var outcomes = await Task.WhenAll(Enumerable.Range(0, 32).Select(caller => Task.Run(async () =>
        {
            var random = new Random(caller);
            for (var i = 0; i < 200; i++)
            {
                using var slot = await model.RentAsync(CancellationToken.None);
                var kind = random.Next(20);
                slot.Input[0] = kind == 0 ? FakeKernel.Bad : (1000 * caller) + i;
                slot.Input[1] = 1;
                if (kind == 1)
                    continue;
                using var cancellation = new CancellationTokenSource();
                var run = slot.RunAsync(cancellation.Token).AsTask();
                if (kind == 2)
                    await cancellation.CancelAsync();
                try
                {
                    var output = await run;
                    if (kind == 0 || output[0] != (1000 * caller) + i + 1)
                        return false;
                }
                catch (ModelException)
                {
                    if (kind != 0)
                        return false;
                }
                catch (OperationCanceledException)
                {
                    if (kind != 2)
                        return false;
                }
            }
            return true;
        }))).WaitAsync(TimeSpan.FromMinutes(2));

        Assert.All(outcomes, Assert.True);
        Assert.Equal(0, model.QueueDepth);
    }

    [Fact]
    public async Task Batch_size_and_queue_depth_are_measured_by_role()
    {
        var sizes = new List<int>();
        var depth = 0;
        using var listener = new MeterListener
        {
            InstrumentPublished = (instrument, self) =>
            {
                if (instrument.Meter.Name == ModelInstruments.MeterName)
                    self.EnableMeasurementEvents(instrument);
            },
        };
        listener.SetMeasurementEventCallback<int>((instrument, value, tags, _) =>
        {
            if (tags[0].Value as string != "measured")
                return;
            lock (sizes)
            {
                if (instrument.Name == "medgen.model.batch.size")
                    sizes.Add(value);
                else if (instrument.Name == "medgen.model.queue.depth")
                    depth += value;
            }
        });
        listener.Start();
        var kernel = new FakeKernel();
        await using (var model = new MicroBatcher("measured", "sum@test:0", false, [kernel], new() { MaxBatch = 2 }, _time))
            await Task.WhenAll(Item(model, 0), Item(model, 1)).WaitAsync(Guard);

        Assert.Equal([2], sizes);
        Assert.Equal(0, depth);
    }

    [Theory]
    [InlineData(0, 1, 5, "MaxBatch is 0")]
    [InlineData(1, 0, 5, "QueuedBatches is 0")]
    [InlineData(1, 1, -1, "Linger is")]
    public void Options_name_all_that_is_wrong_with_them(int batch, int queued, int linger, string expected) =>
        Assert.Contains(new BatchingOptions { MaxBatch = batch, QueuedBatches = queued, Linger = TimeSpan.FromMilliseconds(linger) }.Validate(), error => error.Contains(expected));

    private MicroBatcher Create(FakeKernel kernel, BatchingOptions options, int minimumRows = 1) =>
        new("sum", "sum@test:0", false, [kernel], options, _time, minimumRows);

    private static float[] Values(params float[] values) => values;

    /// <summary>Hands (value, 100) in.</summary>
    private static async Task<float> Item(ITensorModel model, float value, CancellationToken cancellationToken = default)
    {
        using var slot = model.TryRent() ?? throw new InvalidOperationException("busy");
        slot.Input[0] = value;
        slot.Input[1] = 100;
        return (await slot.RunAsync(cancellationToken))[0];
    }
}
