using System.Runtime.CompilerServices;
using MedGenCluster.Client.Commands;
using MedGenCluster.Curation.Domain;
using MedGenCluster.Curation.Lifecycle;
using MedGenCluster.Engine.Auditing;
using MedGenCluster.Engine.Export;
using MedGenCluster.Engine.Ledger;
using MedGenCluster.Engine.Redeciding;
using MedGenCluster.Silo;
using MedGenCluster.Silo.Api.Contracts;
using MedGenCluster.Silo.Running;
using MedGenCluster.Silo.Submitting;
using MedGenCluster.Silo.Views;

namespace MedGenCluster.Client.Workplaces;

/// <summary>A data directory of this machine. Another process may work on it at the same time.</summary>
internal sealed partial class LocalWorkplace(CurationHost host) : IWorkplace
{
    private const int Chunk = 200;
    private readonly RunningHost _running = new(host, engine: null, TimeProvider.System);
    private readonly ItemViews _items = new(host.Ledger);

    public async Task<IReadOnlyList<JobView>> JobsAsync(CancellationToken cancellationToken)
    {
        await host.Ledger.RefreshAsync();
        return [.. JobViews.Of(await host.Ledger.JobsAsync(), host.Ledger.Tallies, _ => null).OrderBy(job => job.Id)];
    }

    public async Task<JobView> ChangeJobAsync(long job, string change, CancellationToken cancellationToken)
    {
        var happened = change switch { "pause" => JobEvent.PauseRequested, "resume" => JobEvent.ResumeRequested, _ => JobEvent.CancelRequested };
        await host.Ledger.ChangeJobAsync(job, happened);
        host.WakeOthers();
        return (await JobsAsync(cancellationToken)).Single(view => view.Id == job);
    }

    public Task<IReadOnlyList<SkippedRow>> SkippedAsync(long job, int limit, CancellationToken cancellationToken) =>
        Task.FromResult<IReadOnlyList<SkippedRow>>([.. host.Ledger.Skipped(job, limit).Select(row => new SkippedRow(row.Where, row.Reason))]);

    public async Task<Submission> SubmitAsync(SubmitRequest request, CancellationToken cancellationToken)
    {
        var (submission, errors) = await new Submissions(host).SubmitAsync(request);
        return submission ?? throw new WorkplaceException(string.Join(" ", errors));
    }

    public async Task<FunnelView> FunnelAsync(long? job, CancellationToken cancellationToken) => FunnelViews.Of(await host.FreshFunnelAsync(job), job, 0);

    public async IAsyncEnumerable<ItemSummary> ItemsAsync(ItemFilter filter, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        StageId? stage = null;
        if (filter.Stage is not null && StageNames.TryParse(filter.Stage, out var named))
        {
            stage = named;
        }

        var kind = filter.Kind == "video" ? ItemKind.Video : ItemKind.Clip;
        var outcome = filter.Outcome is null ? null : Words.ParseOutcome(filter.Outcome);
        foreach (var chunk in host.Ledger.Items(new ItemQuery(kind, filter.Job, outcome, stage, Limit: filter.Limit)).Chunk(Chunk))
        {
            foreach (var item in await _items.SummariesAsync(chunk))
            {
                yield return item;
            }
        }
    }

    public Task<ItemDetail?> ItemAsync(string id, CancellationToken cancellationToken) => _items.DetailAsync(id);

    public async Task<string?> MediaAsync(ItemDetail item, CancellationToken cancellationToken) =>
        (await host.Ledger.FindAsync(item.Item.Id))?.Media is { } media ? await host.Media.OpenLocalAsync(media, cancellationToken) : null;

    public Task<IReadOnlyList<ItemSummary>> FailuresAsync(long? job, CancellationToken cancellationToken) => _items.SummariesAsync([.. Failed(job)]);

    public async Task<int> RetryAsync(RetryRequest request, CancellationToken cancellationToken) =>
        await host.RetryAsync([.. Failed(request.Job).Where(item => request.All || request.Ids!.Contains(item.Id))]);

    public async Task<RedecisionResult> RedecideAsync(long? job, IReadOnlyDictionary<string, string> changes, CancellationToken cancellationToken)
    {
        if (host.Options.Cluster?.Postgres is not null)
        {
            throw new WorkplaceException("silos may be at work on the cluster's ledger; let one of them decide: name its address with --server.");
        }

        using var held = host.TryLock() ?? throw new WorkplaceException(
            $"another process works on {host.Data.Root}; stop it first, or let it decide: name the address that it printed with --server.");
        var reports = new List<JobRedecision>();
        foreach (var row in (await host.Ledger.JobsAsync()).Where(row => job is null || row.Id == job))
        {
            var (options, errors) = OptionsPatch.Apply(row.Options, changes.Select(change => $"{change.Key}={change.Value}"));
            if (errors.Count > 0)
            {
                throw new UsageException(string.Join(Environment.NewLine + "        ", errors));
            }

            var report = await host.RedecideAsync(row, options, cancellationToken);
            reports.Add(new JobRedecision(row.Id, report.Examined, report.Changed, report.AcceptedBefore, report.AcceptedAfter, report.Unmeasured));
        }

        return new RedecisionResult(reports);
    }

    public async Task<ExportResult> ExportAsync(ExportWish wish, CancellationToken cancellationToken)
    {
        var options = new ExportOptions { TargetFolder = wish.Folder, Formats = ExportWords.Parse(wish.Formats), Overwrite = wish.Overwrite, HardLinks = !wish.Copy };
        var report = await new DatasetExporter().ExportAsync(host.ExportSource(wish.Dataset, wish.Job), options, null, cancellationToken);
        return report.Error switch
        {
            { Kind: ExportErrorKind.InvalidOptions } error => throw new UsageException(error.Message),
            { } error => throw new WorkplaceException(error.Message),
            null => new ExportResult(
                wish.Dataset, report.Exported, report.MediaBytes, [.. report.LeftOut.Select(left => new SkippedRow(left.Clip.Value, left.Detail))], report.Trainer?.Listed),
        };
    }

    public Task<IReadOnlyList<AuditView>> AuditsAsync(CancellationToken cancellationToken) =>
        Task.FromResult<IReadOnlyList<AuditView>>([.. host.Ledger.Audits().Select(audit => AuditViews.Of(audit, host.Ledger.AuditMarks(audit.Id)))]);

    public Task<AuditDetail> AuditAsync(long id, CancellationToken cancellationToken) => AuditViews.DetailAsync(host.Ledger, Audit(id));

    public async Task<AuditDetail> CreateAuditAsync(AuditRequest request, CancellationToken cancellationToken)
    {
        if (!StageNames.TryParse(request.Stage, out var stage))
        {
            throw new WorkplaceException($"There is no stage {request.Stage}; there are {string.Join(", ", StageNames.All)}.");
        }

        var (audit, trouble) = await _running.Audits.CreateAsync(request.Name, stage, request.Job, request.Seed, request.Size);
        return audit is null ? throw new WorkplaceException(trouble!) : await AuditViews.DetailAsync(host.Ledger, audit);
    }

    public async Task<AuditView> MarkAsync(long id, MarkRequest request, CancellationToken cancellationToken)
    {
        var audit = Audit(id);
        if (await _running.Audits.MarkAsync(audit, request.Rater.Trim(), request.Position, AuditViews.Mark(request.Mark)) is { } trouble)
        {
            throw new WorkplaceException(trouble);
        }

        return AuditViews.Of(audit, host.Ledger.AuditMarks(id));
    }

    public Task<string> ExportAuditAsync(long id, string format, CancellationToken cancellationToken) => AuditExport.WriteAsync(host.Ledger, Audit(id), format == "csv");

    public async Task<Scaling> ScalingAsync(CancellationToken cancellationToken)
    {
        await host.Ledger.RefreshAsync();
        return await new LiveViews(_running).ScalingAsync();
    }

    public Task WatchAsync(Output output, long? job, CancellationToken cancellationToken) => EngineSession.ShowAsync(host, output, job, cancellationToken);

    public Task<bool> WorkAsync(Output output, long? job, CancellationToken cancellationToken) => EngineSession.WorkAsync(host, output, job, cancellationToken);

    public void Wake() => host.WakeOthers();

    public async ValueTask DisposeAsync()
    {
        await _running.DisposeAsync();
        await host.DisposeAsync();
    }

    private IEnumerable<LedgerItem> Failed(long? job) => host.Ledger.Items(new ItemQuery(Job: job, Outcome: Outcome.Failed));

    private AuditRow Audit(long id) => host.Ledger.Audits().FirstOrDefault(audit => audit.Id == id) ?? throw new WorkplaceException($"there is no audit {id}; `medgen audit list` lists them.");
}
