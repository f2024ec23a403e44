using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text.Json;
using MedGenCluster.Curation.Stages;
using MedGenCluster.Engine.Ledger;

namespace MedGenCluster.Grains.Running;

/// <summary>The options of jobs as this silo knows them, by digest: whoever gives work names the digest that it is to be done under, and a silo that holds others reads the ledger.</summary>
internal sealed class JobBook(ILedger ledger)
{
    private readonly ConcurrentDictionary<long, (string Digest, CurationOptions Options)> _jobs = new();

    public static string Digest(CurationOptions options) =>
        Convert.ToHexStringLower(SHA256.HashData(JsonSerializer.SerializeToUtf8Bytes(options, EngineJson.Default.CurationOptions)).AsSpan(0, 8));

    /// <returns>The options that the ledger holds where the digest is not known: they are newer than whoever named it.</returns>
    /// <exception cref="LedgerException">The ledger has no such job.</exception>
    public async ValueTask<CurationOptions> OptionsAsync(long job, string digest)
    {
        if (_jobs.TryGetValue(job, out var known) && known.Digest == digest)
        {
            return known.Options;
        }

        var row = (await ledger.JobsAsync().ConfigureAwait(false)).FirstOrDefault(row => row.Id == job) ?? throw new LedgerException($"There is no job {job}; `medgen jobs` lists them.");
        _jobs[job] = (Digest(row.Options), row.Options);
        return row.Options;
    }
}
