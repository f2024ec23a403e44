using MedGenCluster.Curation.Quality;
using MedGenCluster.Curation.Tests.Support;

namespace MedGenCluster.Curation.Tests.Quality;

public sealed class DoverFrameIndicesTests
{
    public sealed record Case(int Frames, int TechnicalSlot, int[] TechnicalOffsets, int[] Technical, int AestheticSlot, int[] AestheticOffsets, int[] Aesthetic)
    {
        public override string ToString() => $"{Frames} frames";
    }

    private sealed record File(Case[] Cases);

    public static TheoryData<Case> Cases => [.. Goldens.Json<File>("dover_views", "frame_indices.json").Cases];

    [Theory]
    [MemberData(nameof(Cases))]
    public void Technical_frames_are_every_second_one_of_each_third(Case golden) =>
        Assert.Equal(golden.Technical, DoverFrameIndices.Technical(golden.Frames, Scripted(golden.TechnicalOffsets, golden.TechnicalSlot - 64)));

    [Theory]
    [MemberData(nameof(Cases))]
    public void Aesthetic_frames_are_one_of_each_thirty_second_part(Case golden) =>
        Assert.Equal(golden.Aesthetic, DoverFrameIndices.Aesthetic(golden.Frames, Scripted(golden.AestheticOffsets, golden.AestheticSlot - 2)));

    [Fact]
    public void Refuses_an_empty_video() => Assert.Throws<ArgumentOutOfRangeException>(() => DoverFrameIndices.Technical(0, _ => 0));

    /// <summary>Hands out the golden's offsets, and insists that they are asked for below the right bound.</summary>
    private static Func<int, int> Scripted(int[] offsets, int bound)
    {
        var next = 0;
        return asked =>
        {
            Assert.Equal(bound, asked);
            return offsets[next++];
        };
    }
}
