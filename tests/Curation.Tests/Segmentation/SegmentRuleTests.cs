using FsCheck;
using FsCheck.Fluent;
using MedGenCluster.Curation.Segmentation;
using MedGenCluster.Curation.Tests.Support;

namespace MedGenCluster.Curation.Tests.Segmentation;

/// <summary>The clip rule of section 3.1 and the optional maximum length.</summary>
public sealed class SegmentRuleTests
{
    public sealed record Clip(double StartS, double EndS, double DurationS);

    public sealed record Case(string Name, double Tau, string Flags, double[] Similarities, int[][] Runs, Clip[] Clips, int[][] ClipsBelow6, SplitCase[] Split)
    {
        public bool[] Medical => [.. Flags.Select(flag => flag == '1')];

        public override string ToString() => Name;
    }

    public sealed record SplitCase(double StartS, double EndS, double[][] Parts, bool Trimmed);

    private sealed record File(Case[] Cases);

    public static TheoryData<Case> Cases => [.. Goldens.Json<File>("segments", "segments.json").Cases];

    [Theory]
    [MemberData(nameof(Cases))]
    public void Finds_every_maximal_run(Case golden) =>
        Assert.Equal(golden.Runs.Select(run => new FrameRun(run[0], run[1])), SegmentRule.Runs(golden.Medical, golden.Similarities, golden.Tau));

    [Theory]
    [MemberData(nameof(Cases))]
    public void Takes_the_clips_of_the_formula_and_rejects_the_other_runs(Case golden)
    {
        var result = SegmentRule.Apply(golden.Medical, golden.Similarities, new SegmentOptions { SimilarityThreshold = golden.Tau });

        Assert.Equal(golden.Clips.Select(clip => (clip.StartS, clip.EndS, clip.DurationS)), result.Clips.Select(clip => ((double)clip.First, (double)clip.Last, (double)clip.Seconds)));
        Assert.Equal(golden.ClipsBelow6.Select(run => new FrameRun(run[0], run[1])), result.Rejected.Select(rejected => rejected.Run));
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Splits_long_clips_into_equal_parts(Case golden)
    {
        foreach (var expected in golden.Split)
        {
            var split = SegmentRule.Cut(new FrameRun((int)expected.StartS, (int)expected.EndS), new SegmentOptions { MaxSeconds = 10 });

            Assert.Equal(expected.Trimmed, split.Trimmed);
            Assert.Equal(expected.Parts.Length, split.Parts.Count);
            for (var i = 0; i < expected.Parts.Length; i++)
            {
                Assert.Equal(expected.Parts[i][0], split.Parts[i].Start, 1e-9);
                Assert.Equal(expected.Parts[i][1], split.Parts[i].End, 1e-9);
            }
        }
    }

    [Fact]
    public void Says_why_a_run_is_rejected()
    {
        var result = SegmentRule.Apply([true, true, true], [0.9, 0.9], new SegmentOptions());

        Assert.Equal("run of 2 s is shorter than 6 s", Assert.Single(result.Rejected).Reason);
    }

    [Fact]
    public void A_shorter_minimum_takes_shorter_runs()
    {
        var result = SegmentRule.Apply([true, true, true], [0.9, 0.9], new SegmentOptions { MinSeconds = 2 });

        Assert.Equal(new FrameRun(0, 2), Assert.Single(result.Clips));
    }

    [Fact]
    public void Without_a_maximum_a_clip_stays_whole() =>
        Assert.Equal([new ClipInterval(3, 64)], SegmentRule.Cut(new FrameRun(3, 64), new SegmentOptions()).Parts);

    [Fact]
    public void A_similarity_that_is_not_a_number_breaks_the_run() =>
        Assert.Equal([new FrameRun(0, 0), new FrameRun(1, 1)], SegmentRule.Runs([true, true], [double.NaN], -1));

    [Fact]
    public void Refuses_similarities_that_do_not_belong_to_the_frames() =>
        Assert.Throws<ArgumentException>(() => SegmentRule.Runs([true, true], [0.9, 0.9], 0.5));

    [Fact]
    public void Options_report_every_error_at_once() =>
        Assert.Equal(3, new SegmentOptions { SimilarityThreshold = 2, MinSeconds = -1, MaxSeconds = double.NaN }.Validate().Count);

    [Fact]
    public void The_default_options_are_valid() => Assert.Empty(new SegmentOptions().Validate());

    [Fact]
    public void Every_part_of_a_split_lies_between_the_bounds() => Prop.ForAll(
        Gen.Choose(6, 5000).ToArbitrary(),
        seconds =>
        {
            var split = SegmentRule.Split(7, seconds);
            Assert.All(split.Parts, part => Assert.InRange(part.Seconds, 6 - 1e-9, 10 + 1e-9));
            Assert.Equal(7, split.Parts[0].Start);
            Assert.Equal(split.Trimmed ? 17 : 7 + seconds, split.Parts[^1].End, 1e-9);
            Assert.All(split.Parts.Zip(split.Parts.Skip(1)), pair => Assert.Equal(pair.First.End, pair.Second.Start));
        }).Check(Config.QuickThrowOnFailure.WithReplay(20250705, 31));

    [Fact]
    public void Runs_are_exactly_the_longest_intervals_that_satisfy_the_formula() => Prop.ForAll(
        Gen.ListOf(Gen.Choose(0, 9), 30).ToArbitrary(),
        draws =>
        {
            var medical = draws.Select(draw => draw != 0).ToArray();
            var similarities = draws.Skip(1).Select(draw => draw % 5 == 1 ? 0.5 : 0.9).ToArray();
            bool Valid(int i, int j) => Enumerable.Range(i, j - i + 1).All(k => medical[k]) && Enumerable.Range(i, j - i).All(k => similarities[k] > 0.5);
            var expected =
                from i in Enumerable.Range(0, medical.Length)
                from j in Enumerable.Range(i, medical.Length - i)
                where Valid(i, j) && (i == 0 || !Valid(i - 1, j)) && (j + 1 == medical.Length || !Valid(i, j + 1))
                select new FrameRun(i, j);
            Assert.Equal(expected, SegmentRule.Runs(medical, similarities, 0.5));
        }).Check(Config.QuickThrowOnFailure.WithReplay(20250705, 31));
}
