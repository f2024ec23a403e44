using System.Buffers;
using MedGenCluster.Curation.Imaging;

namespace MedGenCluster.Curation.Quality;

/// <summary>Fills the tensors of one plan while the video is decoded once: each frame goes straight to every place that needs it,
/// and no frame is kept. One writer serves one video and one thread at a time.</summary>
public sealed class DoverViewWriter(DoverPlan plan)
{
    private const int Views = DoverFrameIndices.Clips + 1;
    private readonly bool[] written = new bool[Views * DoverFrameIndices.Length];

    /// <summary>Places that no frame has filled yet, 0..128.</summary>
    public int MissingPlaces { get; private set; } = Views * DoverFrameIndices.Length;

    /// <summary>Takes one decoded frame.</summary>
    /// <param name="frame">Its index in the video, from 0.</param>
    /// <param name="picture">Its pixels, in the plan's size.</param>
    /// <param name="tensors">The tensors, the same ones in every call.</param>
    /// <returns>False when no view needs this frame.</returns>
    /// <exception cref="ArgumentException">The picture has another size than the plan.</exception>
    public bool Accept(int frame, Rgb24View picture, DoverTensors tensors)
    {
        var places = plan.PlacesOf(frame);
        if (places.IsEmpty)
            return false;
        if (picture.Width != plan.Width || picture.Height != plan.Height)
            throw new ArgumentException($"The frame is {picture.Width}x{picture.Height}, the plan is for {plan.Width}x{plan.Height}.", nameof(picture));
        var previous = new DoverPlace(-1, 0);
        foreach (var place in places)
        {
            if (place.View == previous.View)
                tensors.Copy(previous, place);
            else if (place.View == DoverFrameIndices.Clips)
                WriteResized(picture, tensors, place);
            else
                WriteEnlargedFragments(picture, tensors, place);
            previous = place;
            Mark(place);
        }

        return true;
    }

    /// <summary>Fills what is still missing from the written place of the same view whose frame is nearest in time, for videos
    /// that end a few frames before their declared length.</summary>
    /// <returns>False when a view has no frame at all, so that there is nothing to score.</returns>
    public bool FillMissing(DoverTensors tensors)
    {
        for (var view = 0; view < Views; view++)
        {
            var present = Enumerable.Range(0, DoverFrameIndices.Length).Where(t => written[Index(new DoverPlace(view, t))]).ToArray();
            if (present.Length == 0)
                return false;
            for (var t = 0; t < DoverFrameIndices.Length && present.Length < DoverFrameIndices.Length; t++)
            {
                var place = new DoverPlace(view, t);
                if (written[Index(place)])
                    continue;
                tensors.Copy(new DoverPlace(view, present.MinBy(other => Math.Abs(FrameOf(view, other) - FrameOf(view, t)))), place);
                Mark(place);
            }
        }

        return true;
    }

    private static int Index(DoverPlace place) => place.View * DoverFrameIndices.Length + place.Time;

    private int FrameOf(int view, int t) =>
        view == DoverFrameIndices.Clips ? plan.AestheticFrames[t] : plan.TechnicalFrames[view * DoverFrameIndices.Length + t];

    private void Mark(DoverPlace place)
    {
        if (!written[Index(place)])
            MissingPlaces--;
        written[Index(place)] = true;
    }

    private void WriteResized(Rgb24View picture, DoverTensors tensors, DoverPlace place)
    {
        var resize = plan.AestheticResize;
        var scratch = ArrayPool<byte>.Shared.Rent(resize.OutputLength);
        try
        {
            var resized = scratch.AsSpan(0, resize.OutputLength);
            resize.Write(picture, resized);
            DoverTensors.Normalisation.WritePlanar(resized, tensors.Plane(place, 0), tensors.Plane(place, 1), tensors.Plane(place, 2));
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(scratch);
        }
    }

    private void WriteEnlargedFragments(Rgb24View picture, DoverTensors tensors, DoverPlace place)
    {
        if (plan.Enlargement is not { } enlargement)
        {
            WriteFragments(picture, tensors, place);
            return;
        }

        var scratch = ArrayPool<byte>.Shared.Rent(enlargement.OutputLength);
        try
        {
            var enlarged = scratch.AsSpan(0, enlargement.OutputLength);
            enlargement.Write(picture, enlarged);
            WriteFragments(new Rgb24View(enlarged, enlargement.OutputWidth, enlargement.OutputHeight), tensors, place);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(scratch);
        }
    }

    private void WriteFragments(Rgb24View picture, DoverTensors tensors, DoverPlace place)
    {
        const int Size = FragmentGrid.CellSize;
        var grid = plan.Fragments[place.View];
        var red = tensors.Plane(place, 0);
        var green = tensors.Plane(place, 1);
        var blue = tensors.Plane(place, 2);
        for (var y = 0; y < FragmentGrid.Size; y++)
        {
            for (var column = 0; column < FragmentGrid.Cells; column++)
            {
                var row = y / Size;
                var source = picture.Row(grid.Top(row, column) + y % Size).Slice(grid.Left(row, column) * 3, Size * 3);
                var at = y * FragmentGrid.Size + column * Size;
                DoverTensors.Normalisation.WritePlanar(source, red.Slice(at, Size), green.Slice(at, Size), blue.Slice(at, Size));
            }
        }
    }
}
