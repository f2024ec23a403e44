using MedGenCluster.Curation.Imaging;

namespace MedGenCluster.Curation.Quality;

/// <summary>The four inputs of one DOVER score, each [3,32,224,224] (channel, time, row, column) in C order. It only borrows the
/// memory, which may be the slots of a batch.</summary>
public readonly ref struct DoverTensors
{
    /// <summary>Floats of one view.</summary>
    public const int ViewLength = 3 * DoverFrameIndices.Length * PlaneLength;

    internal const int PlaneLength = FragmentGrid.Size * FragmentGrid.Size;

    private readonly Span<float> first;
    private readonly Span<float> second;
    private readonly Span<float> third;
    private readonly Span<float> aesthetic;

    /// <exception cref="ArgumentException">A span does not have <see cref="ViewLength"/> elements.</exception>
    public DoverTensors(Span<float> technical0, Span<float> technical1, Span<float> technical2, Span<float> aesthetic)
    {
        if (technical0.Length != ViewLength || technical1.Length != ViewLength || technical2.Length != ViewLength || aesthetic.Length != ViewLength)
            throw new ArgumentException($"Every view needs {ViewLength} elements.");
        first = technical0;
        second = technical1;
        third = technical2;
        this.aesthetic = aesthetic;
    }

    /// <summary>DOVER's channel statistics, given for 0..255.</summary>
    public static ChannelLut Normalisation { get; } = new([123.675f, 116.28f, 103.53f], [58.395f, 57.12f, 57.375f], 1f);

    /// <summary>Tensor of a view: 0..2 technical clip, 3 aesthetic.</summary>
    public Span<float> View(int view) => view switch
    {
        0 => first,
        1 => second,
        2 => third,
        3 => aesthetic,
        _ => throw new ArgumentOutOfRangeException(nameof(view)),
    };

    internal Span<float> Plane(DoverPlace place, int channel) =>
        View(place.View).Slice((channel * DoverFrameIndices.Length + place.Time) * PlaneLength, PlaneLength);

    internal void Copy(DoverPlace from, DoverPlace to)
    {
        for (var channel = 0; channel < 3; channel++)
            Plane(from, channel).CopyTo(Plane(to, channel));
    }
}
