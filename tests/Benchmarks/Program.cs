using MedGenCluster.Benchmarks.Cluster;
using MedGenCluster.Benchmarks.DashboardMillion;
using MedGenCluster.Benchmarks.Download;
using MedGenCluster.Benchmarks.EngineAlone;
using MedGenCluster.Benchmarks.Keywords;
using MedGenCluster.Benchmarks.LedgerMillion;
using MedGenCluster.Benchmarks.LedgerPostgres;
using MedGenCluster.Benchmarks.MicroBatching;
using MedGenCluster.Benchmarks.Pipeline;
using MedGenCluster.Benchmarks.Sampling;
using MedGenCluster.Benchmarks.Screening;

return args switch
{
    ["sampling", .. var rest] => await SamplingBenchmark.RunAsync(rest),
    ["pipeline", .. var rest] => await PipelineBenchmark.RunAsync(rest),
    ["engine", .. var rest] => await EngineAloneBenchmark.RunAsync(rest),
    ["ledger", .. var rest] => await LedgerMillionBenchmark.RunAsync(rest),
    ["ledger-postgres", .. var rest] => await LedgerPostgresBenchmark.RunAsync(rest),
    ["dashboard", .. var rest] => await DashboardMillionBenchmark.RunAsync(rest),
    ["micro-batching", .. var rest] => await MicroBatchingBenchmark.RunAsync(rest),
    ["keywords", .. var rest] => await KeywordsBenchmark.RunAsync(rest),
    ["download", "--serve"] => await DownloadServer.RunAsync(),
    ["download", .. var rest] => await DownloadBenchmark.RunAsync(rest),
    ["orleans", .. var rest] => await OrleansBenchmark.RunAsync(rest),
    ["screening", .. var rest] => await ScreeningBenchmark.RunAsync(rest),
    _ => Usage(),
};

static int Usage()
{
    Console.Error.WriteLine("usage: ./medgen bench sampling [files] | pipeline [pack [channel]] | engine [videos] | ledger [clips] | ledger-postgres [videos [grains [connection string]]] | dashboard [clips [folder]] | micro-batching [pack [role]] | keywords [megabytes [terms]] | download [files [seconds]] | screening [rows] | orleans [hop [videos] | activations [grains] | silos [rounds] | month [share of it]]");
    return 2;
}
