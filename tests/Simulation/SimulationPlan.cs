using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using MedGenCluster.Curation.Domain;
using MedGenCluster.Curation.Lifecycle;
using MedGenCluster.Curation.Stages;

namespace MedGenCluster.Simulation;

/// <summary>Videos and clips that exist in numbers alone, and how long each stage takes for each. Everything about an item follows from its id and the seed, so that whoever checks
/// a run knows its outcome without it.</summary>
public sealed record SimulationPlan
{
    public int Videos { get; init; } = 100;

    /// <summary>Clips of a video at the most; from 0, evenly spread.</summary>
    public int MaxClips { get; init; } = 6;

    public int Seed { get; init; } = 1;

    /// <summary>Mean seconds of each stage by name; what is not named takes none.</summary>
    public IReadOnlyDictionary<string, double> Seconds { get; init; } = new Dictionary<string, double>();

    /// <summary>Spread of durations: sigma of the lognormal; 0 makes all alike.</summary>
    public double Skew { get; init; }

    /// <summary>Share of items that each stage rejects.</summary>
    public double Rejected { get; init; } = 0.1;

    /// <summary>Share of clips that crash whoever works on them, at the aesthetics stage: in a process of its own.</summary>
    public double Poisoned { get; init; }

    /// <summary>Items at the most in one call, for every stage.</summary>
    public int Batch { get; init; } = 1;

    /// <summary>GPU memory of each GPU stage, MiB.</summary>
    public int GpuMebibytes { get; init; } = 16;

    /// <summary>Bytes of each clip's media: cutting stores them, and every later stage reads them and knows what they must be. 0 for clips without media.</summary>
    public int MediaBytes { get; init; }

    /// <summary>Folder in which a file <c>hang-SILO</c> makes the lanes of that silo hang, and one of the name <c>hurry</c> lets stages that begin take no time; null for none.</summary>
    public string? Switches { get; init; }

    /// <summary>Folder in which every silo writes what its stages do (<see cref="FileWatch"/>); null for none.</summary>
    public string? Trace { get; init; }

    /// <summary>Folder in which each silo writes down what it works on, in a file of its name: a line with the stage and the item when it begins. Null for none.</summary>
    public string? Diaries { get; init; }

    public static SimulationPlan Read(string path) => JsonSerializer.Deserialize<SimulationPlan>(File.ReadAllText(path))!;

    public void Write(string path) => File.WriteAllText(path, JsonSerializer.Serialize(this));

    /// <summary>A number of [0, 1) that belongs to the words.</summary>
    public double Unit(string a, string b)
    {
        Span<byte> hash = stackalloc byte[32];
        SHA256.HashData(Encoding.UTF8.GetBytes($"{Seed}|{a}|{b}"), hash);
        return BitConverter.ToUInt32(hash) / (uint.MaxValue + 1.0);
    }

    public bool IsPoisoned(StageId stage, string id) => stage == StageId.Aesthetics && Poisoned > 0 && Unit("poison", id) < Poisoned;

    public bool Passes(StageId stage, string id) => Rejected <= 0 || Unit(stage.Name(), id) >= Rejected;

    public TimeSpan Duration(StageId stage, string id)
    {
        var mean = Seconds.GetValueOrDefault(stage.Name());
        if (mean <= 0 || Skew <= 0)
        {
            return TimeSpan.FromSeconds(Math.Max(0, mean));
        }

        // Lognormal with the given mean, by Box and Muller.
        var normal = Math.Sqrt(-2 * Math.Log(1 - Unit("a" + stage, id))) * Math.Cos(2 * Math.PI * Unit("b" + stage, id));
        return TimeSpan.FromSeconds(mean * Math.Exp((Skew * normal) - (Skew * Skew / 2)));
    }

    public int ClipsOf(string video) => MaxClips == 0 ? 0 : (int)(Unit("clips", video) * (MaxClips + 1));

    public IReadOnlyList<ClipPlan> PlanOf(string video) =>
        [.. Enumerable.Range(0, ClipsOf(video)).Select(k => new ClipPlan(ClipInterval.FromSeconds(k * 8, (k + 1) * 8), ""))];

    /// <summary>The media of a clip.</summary>
    public byte[] MediaOf(string clip)
    {
        var bytes = new byte[MediaBytes];
        new Random((int)(Unit("media", clip) * int.MaxValue)).NextBytes(bytes);
        return bytes;
    }

    /// <summary>How every video and clip ends.</summary>
    public Dictionary<string, (Outcome Outcome, StageId Stage)> Ends()
    {
        var ends = new Dictionary<string, (Outcome, StageId)>(StringComparer.Ordinal);
        for (var i = 0; i < Videos; i++)
        {
            var video = SimulatedSource.Video(i).Id;
            var refused = StageOrder.Video.Stages.Where(stage => !Passes(stage, video.Value)).Select(stage => (StageId?)stage).FirstOrDefault();
            ends[video.Value] = refused is { } by ? (Outcome.Rejected, by) : (Outcome.Done, StageId.Segment);
            if (refused is not null)
            {
                continue;
            }

            foreach (var clip in PlanOf(video.Value))
            {
                var id = ClipId.From(video, clip.Interval).Value;
                ends[id] = End(id);
            }
        }

        return ends;
    }

    private (Outcome, StageId) End(string clip)
    {
        foreach (var stage in StageOrder.Clip(StageOrderKind.Paper).Stages)
        {
            if (IsPoisoned(stage, clip))
            {
                return (Outcome.Failed, stage);
            }

            if (!Passes(stage, clip))
            {
                return (Outcome.Rejected, stage);
            }
        }

        return (Outcome.Accepted, StageOrder.Clip(StageOrderKind.Paper).Stages[^1]);
    }
}
