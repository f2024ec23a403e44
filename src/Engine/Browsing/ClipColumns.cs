using MedGenCluster.Curation.Domain;
using MedGenCluster.Curation.Lifecycle;
using MedGenCluster.Curation.Stages;

namespace MedGenCluster.Engine.Browsing;

/// <summary>One clip of the index.</summary>
/// <param name="Reason">Number of the reason's text, 0 for none.</param>
/// <param name="Hash">64 bits of the clip's id.</param>
internal readonly record struct ClipEntry(
    long Seq, long Job, Outcome Outcome, StageId Stage, int Reason, bool Duplicate, ClipName Name, ulong Hash, ClipFeatures Features);

/// <summary>Clips as columns, ascending by their numbers; about 105 bytes each.</summary>
internal sealed class ClipColumns
{
    private const double Missing = double.NaN;

    private long[] _seq = new long[1024];
    private long[] _job = new long[1024];
    private byte[] _outcome = new byte[1024];
    private byte[] _stage = new byte[1024];
    private bool[] _duplicate = new bool[1024];
    private int[] _reason = new int[1024];
    private int[] _milliseconds = new int[1024];
    private ulong[] _hash = new ulong[1024];
    private ulong[] _video = new ulong[1024];
    private long[] _start = new long[1024];
    private int[] _measured = new int[1024];
    private sbyte[] _category = new sbyte[1024];
    private sbyte[] _refused = new sbyte[1024];
    private int[] _words = new int[1024];
    private double[] _border = new double[1024];
    private double[] _aesthetic = new double[1024];
    private double[] _shipped = new double[1024];
    private double[] _corrected = new double[1024];

    public int Count { get; private set; }

    public ReadOnlySpan<long> Seqs => _seq.AsSpan(0, Count);

    public ReadOnlySpan<long> Jobs => _job.AsSpan(0, Count);

    public ReadOnlySpan<int> Reasons => _reason.AsSpan(0, Count);

    public ReadOnlySpan<ulong> Hashes => _hash.AsSpan(0, Count);

    public Outcome OutcomeAt(int row) => (Outcome)_outcome[row];

    public StageId StageAt(int row) => (StageId)_stage[row];

    public bool DuplicateAt(int row) => _duplicate[row];

    public (ulong Video, long Start) NameAt(int row) => (_video[row], _start[row]);

    /// <summary>-1 for none, -2 where nobody captioned.</summary>
    public int CategoryAt(int row) => _category[row];

    /// <summary>NaN where it is not measured.</summary>
    public double ScoreAt(int row, ClipScore score, DoverFusion fusion) => score switch
    {
        ClipScore.Aesthetic => _aesthetic[row],
        ClipScore.Technical => fusion == DoverFusion.Corrected ? _corrected[row] : _shipped[row],
        ClipScore.Words => _words[row] < 0 ? Missing : _words[row],
        ClipScore.Border => _border[row],
        _ => _milliseconds[row] / 1000.0,
    };

    public ClipFeatures FeaturesAt(int row) => new(
        _measured[row], _category[row] == -2 ? null : _category[row], _refused[row] < 0 ? null : _refused[row] == 1, Nullable(_border[row]), _words[row] < 0 ? null : _words[row],
        Nullable(_aesthetic[row]), Nullable(_shipped[row]), Nullable(_corrected[row]));

    /// <summary>Appends a clip that is newer than all, or overwrites one.</summary>
    public void Set(in ClipEntry entry)
    {
        var row = Count;
        if (Count > 0 && entry.Seq <= _seq[Count - 1])
        {
            row = Array.BinarySearch(_seq, 0, Count, entry.Seq);
            if (row < 0)
            {
                throw new InvalidOperationException($"Clip {entry.Seq} appeared among older ones.");
            }
        }
        else
        {
            Grow();
            Count++;
        }

        var features = entry.Features;
        (_seq[row], _job[row], _outcome[row], _stage[row]) = (entry.Seq, entry.Job, (byte)entry.Outcome, (byte)entry.Stage);
        (_reason[row], _duplicate[row], _milliseconds[row], _hash[row]) = (entry.Reason, entry.Duplicate, entry.Name.Milliseconds, entry.Hash);
        (_video[row], _start[row]) = (entry.Name.Video, entry.Name.Start);
        (_measured[row], _category[row], _words[row]) = (features.Measured, (sbyte)(features.Category ?? -2), features.Words ?? -1);
        _refused[row] = (sbyte)(features.Refused is { } refused ? refused ? 1 : 0 : -1);
        (_border[row], _aesthetic[row]) = (features.Border ?? Missing, features.Aesthetic ?? Missing);
        (_shipped[row], _corrected[row]) = (features.TechnicalAsShipped ?? Missing, features.TechnicalCorrected ?? Missing);
    }

    private static double? Nullable(double value) => double.IsNaN(value) ? null : value;

    private void Grow()
    {
        if (Count < _seq.Length)
        {
            return;
        }

        var size = _seq.Length * 3 / 2;
        Array.Resize(ref _seq, size);
        Array.Resize(ref _job, size);
        Array.Resize(ref _outcome, size);
        Array.Resize(ref _stage, size);
        Array.Resize(ref _duplicate, size);
        Array.Resize(ref _reason, size);
        Array.Resize(ref _milliseconds, size);
        Array.Resize(ref _hash, size);
        Array.Resize(ref _video, size);
        Array.Resize(ref _start, size);
        Array.Resize(ref _measured, size);
        Array.Resize(ref _category, size);
        Array.Resize(ref _refused, size);
        Array.Resize(ref _words, size);
        Array.Resize(ref _border, size);
        Array.Resize(ref _aesthetic, size);
        Array.Resize(ref _shipped, size);
        Array.Resize(ref _corrected, size);
    }
}
