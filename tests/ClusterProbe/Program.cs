using MedGenCluster.ClusterProbe;

switch (args)
{
    case ["silo", .. var settings]:
        await ProbeSilo.RunAsync(settings);
        return 0;
    case ["measure", var kill, var signal, var rounds, var load, var seconds]:
        await Measurement.RunAsync(int.Parse(kill), signal, int.Parse(rounds), int.Parse(load), int.Parse(seconds));
        return 0;
    default:
        Console.Error.WriteLine("usage: silo --option value ... | measure <silos to end> KILL|STOP|TERM|NONE|DATABASE <rounds> <busy loops> <seconds to wait before>");
        return 2;
}
