using System.Runtime.CompilerServices;
using System.Text.Json;
using MedGenCluster.Engine.Export;
using MedGenCluster.GpuWorkers.Bench;
using MedGenCluster.Silo.Api.Contracts;

namespace MedGenCluster.Client.Workplaces;

/// <summary>A host that is reached by its API.</summary>
internal sealed partial class RemoteWorkplace(HostConnection host) : IWorkplace
{
    private const int PageSize = 200;
    private const int Dead = 1000;

    public async Task<IReadOnlyList<JobView>> JobsAsync(CancellationToken cancellationToken) =>
        [.. (await host.GetAsync<List<JobView>>("api/jobs", cancellationToken)).OrderBy(job => job.Id)];

    public Task<JobView> ChangeJobAsync(long job, string change, CancellationToken cancellationToken) =>
        host.SendAsync<JobView>(HttpMethod.Post, $"api/jobs/{job}/{change}", null, cancellationToken);

    public async Task<IReadOnlyList<SkippedRow>> SkippedAsync(long job, int limit, CancellationToken cancellationToken) =>
        await host.GetAsync<List<SkippedRow>>($"api/jobs/{job}/skipped?limit={limit}", cancellationToken);

    public Task<Submission> SubmitAsync(SubmitRequest request, CancellationToken cancellationToken) => host.SendAsync<Submission>(HttpMethod.Post, "api/jobs", request, cancellationToken);

    public Task<FunnelView> FunnelAsync(long? job, CancellationToken cancellationToken) => host.GetAsync<FunnelView>($"api/funnel{Query(("job", job))}", cancellationToken);

    public async IAsyncEnumerable<ItemSummary> ItemsAsync(ItemFilter filter, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        string? after = null;
        for (var left = filter.Limit; left > 0;)
        {
            var path = "api/items" + Query(
                ("kind", filter.Kind), ("job", filter.Job), ("outcome", filter.Outcome), ("stage", filter.Stage), ("sort", "id"), ("after", after), ("limit", Math.Min(left, PageSize)));
            var page = await host.GetAsync<ItemPage>(path, cancellationToken);
            foreach (var item in page.Items)
            {
                yield return item;
            }

            left -= page.Items.Count;
            if (page.Next is null || page.Items.Count == 0)
            {
                yield break;
            }

            after = page.Next;
        }
    }

    public async Task<ItemDetail?> ItemAsync(string id, CancellationToken cancellationToken) => await host.GetAsync<ItemDetail>($"api/items/{Uri.EscapeDataString(id)}", cancellationToken);

    public Task<string?> MediaAsync(ItemDetail item, CancellationToken cancellationToken) =>
        Task.FromResult(item.Item is { HasMedia: true, Kind: "clip" } ? new Uri(host.Address, $"api/clips/{Uri.EscapeDataString(item.Item.Id)}/video").AbsoluteUri : null);

    public async Task<IReadOnlyList<ItemSummary>> FailuresAsync(long? job, CancellationToken cancellationToken) =>
        await host.GetAsync<List<ItemSummary>>("api/failures" + Query(("job", job), ("limit", Dead)), cancellationToken);

    public async Task<int> RetryAsync(RetryRequest request, CancellationToken cancellationToken) =>
        (await host.SendAsync<RetryAnswer>(HttpMethod.Post, "api/failures/retry", request, cancellationToken)).Retried;

    public async Task<RedecisionResult> RedecideAsync(long? job, IReadOnlyDictionary<string, string> changes, CancellationToken cancellationToken) =>
        host.Parse<RedecisionResult>(await OperateAsync(job is { } one ? $"api/jobs/{one}/redecision" : "api/redecision", new RedecisionRequest(changes), null, cancellationToken));

    public async Task<ExportResult> ExportAsync(ExportWish wish, CancellationToken cancellationToken)
    {
        _ = ExportWords.Parse(wish.Formats);
        var (target, refused) = ReceivedExport.Open(wish.Folder, wish.Overwrite);
        if (target is null)
        {
            throw new WorkplaceException(refused!.Message);
        }

        using (target)
        {
            // The host keeps what it wrote under a name of its own, so that none that a person named is replaced.
            var name = ExportWords.HostName(wish.Dataset);
            var request = new ExportRequest(name, wish.Dataset, wish.Job, wish.Formats, Overwrite: true);
            var result = host.Parse<ExportResult>(await OperateAsync("api/exports", request, null, cancellationToken));
            using var archive = await host.OpenAsync($"api/exports/{name}/archive", "application/x-tar", cancellationToken);
            try
            {
                await using var stream = await archive.Content.ReadAsStreamAsync(cancellationToken);
                if (await target.UnpackAsync(stream, cancellationToken) is { } trouble)
                {
                    throw new WorkplaceException($"nothing was written to {wish.Folder}: {trouble}");
                }
            }
            catch (Exception exception) when (exception is HttpRequestException or HttpIOException)
            {
                throw host.Broken(exception);
            }

            await RemoveAsync(name, cancellationToken);
            return result with { Name = wish.Dataset };
        }
    }

    /// <summary>Takes away what the host wrote only to be fetched; where that fails it stays on its list of exports.</summary>
    private async Task RemoveAsync(string name, CancellationToken cancellationToken)
    {
        try
        {
            await host.SendAsync<ExportView>(HttpMethod.Delete, $"api/exports/{name}", null, cancellationToken);
        }
        catch (WorkplaceException)
        {
            // The dataset is here, which is what was asked for.
        }
    }

    public Task<ModelsView> ModelsAsync(CancellationToken cancellationToken) => host.GetAsync<ModelsView>("api/models", cancellationToken);

    public async Task<IReadOnlyList<ModelCheck>> VerifyModelsAsync(CancellationToken cancellationToken) =>
        await host.SendAsync<List<ModelCheck>>(HttpMethod.Post, "api/models/verify", null, cancellationToken);

    public async Task<IReadOnlyList<ModelBenchRow>> BenchModelsAsync(CancellationToken cancellationToken) =>
        host.Parse<List<ModelBenchRow>>(await OperateAsync("api/models/bench", null, null, cancellationToken));

    public async Task<IReadOnlyList<ScreeningView>> ScreeningsAsync(CancellationToken cancellationToken) => await host.GetAsync<List<ScreeningView>>("api/screenings", cancellationToken);

    public async Task<IReadOnlyList<AuditView>> AuditsAsync(CancellationToken cancellationToken) => await host.GetAsync<List<AuditView>>("api/audits", cancellationToken);

    public Task<AuditDetail> AuditAsync(long id, CancellationToken cancellationToken) => host.GetAsync<AuditDetail>($"api/audits/{id}", cancellationToken);

    public Task<AuditDetail> CreateAuditAsync(AuditRequest request, CancellationToken cancellationToken) => host.SendAsync<AuditDetail>(HttpMethod.Post, "api/audits", request, cancellationToken);

    public Task<AuditView> MarkAsync(long id, MarkRequest request, CancellationToken cancellationToken) => host.SendAsync<AuditView>(HttpMethod.Put, $"api/audits/{id}/marks", request, cancellationToken);

    public async Task<string> ExportAuditAsync(long id, string format, CancellationToken cancellationToken)
    {
        using var answer = await host.OpenAsync($"api/audits/{id}/export?format={format}", format == "csv" ? "text/csv" : "application/x-ndjson", cancellationToken);
        return await answer.Content.ReadAsStringAsync(cancellationToken);
    }

    public Task<Scaling> ScalingAsync(CancellationToken cancellationToken) => host.GetAsync<Scaling>("api/scaling", cancellationToken);

    public Task WatchAsync(Output output, long? job, CancellationToken cancellationToken) => new HostWatch(host, this, job).RunAsync(output, cancellationToken);

    public async Task<bool> WorkAsync(Output output, long? job, CancellationToken cancellationToken)
    {
        await WatchAsync(output, job, cancellationToken);
        return true;
    }

    /// <summary>The host wakes itself when something is submitted.</summary>
    public void Wake()
    {
    }

    /// <summary>Starts something that takes a while on the host, and waits for its end.</summary>
    /// <param name="told">Gets each state of it; null for nobody.</param>
    /// <returns>What it answered.</returns>
    public async Task<JsonElement> OperateAsync(string path, object? body, Action<Operation>? told, CancellationToken cancellationToken)
    {
        var operation = await host.SendAsync<Operation>(HttpMethod.Post, path, body, cancellationToken);
        for (var pause = 50; operation.State == "running"; pause = Math.Min(pause * 2, 1000))
        {
            await Task.Delay(pause, cancellationToken);
            operation = await host.GetAsync<Operation>($"api/operations/{operation.Id}", cancellationToken);
            told?.Invoke(operation);
        }

        return operation.State == "done" && operation.Result is JsonElement result
            ? result
            : throw new WorkplaceException(operation.Error ?? $"the host ended {operation.Title} without an answer.");
    }

    public ValueTask DisposeAsync()
    {
        host.Dispose();
        return ValueTask.CompletedTask;
    }

    private static string Query(params ReadOnlySpan<(string Name, object? Value)> parts)
    {
        var text = new System.Text.StringBuilder();
        foreach (var (name, value) in parts)
        {
            if (value is not null)
            {
                text.Append(text.Length == 0 ? '?' : '&').Append(name).Append('=').Append(Uri.EscapeDataString(Convert.ToString(value, System.Globalization.CultureInfo.InvariantCulture)!));
            }
        }

        return text.ToString();
    }
}
