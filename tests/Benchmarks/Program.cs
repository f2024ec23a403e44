using MedGenCluster.Benchmarks.EngineAlone;

return args switch
{
    ["engine", .. var rest] => await EngineAloneBenchmark.RunAsync(rest),
    _ => Usage(),
};

static int Usage()
{
    Console.Error.WriteLine("usage: Benchmarks engine [videos]");
    return 2;
}
