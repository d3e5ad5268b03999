"""The words are neither so alike nor so unlike that a classifier learns nothing from them."""

import numpy as np
import polars as pl
import pytest
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import f1_score

from customer_insight.company.build import SHIPPED_PEOPLE, SHIPPED_SEED, goods_and_places
from customer_insight.company.complaint_tables import complaint_tables
from customer_insight.company.draws import Draws
from customer_insight.company.feelings import draw_feelings
from customer_insight.company.pains import KINDS
from customer_insight.company.people_block import draw_people_block
from customer_insight.company.reviews import review_tables

pytestmark = pytest.mark.evidence


@pytest.fixture(scope="module")
def texts():
    """Return the complaints and reviews of the shipped draw with their pains and template."""
    draws = Draws(SHIPPED_SEED)
    goods, places = goods_and_places(draws)
    block = draw_people_block(0, SHIPPED_PEOPLE, places, goods, draws)
    feelings = draw_feelings(block, draws)
    complained = complaint_tables(block, feelings, goods, draws)
    reviewed = review_tables(block, feelings, goods, draws)
    written = pl.concat(
        table.select(pl.col(key).alias("text_id"), "language", "text")
        for table, key in (
            (complained["complaints"], "complaint_id"),
            (reviewed["reviews"], "review_id"),
        )
    )
    truth = pl.concat([complained["truth_texts"], reviewed["truth_texts"]])
    return written.join(truth, on="text_id", maintain_order="left")


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize(
    "known", [range(1, 21, 2), range(2, 21, 2), range(1, 11), range(11, 21)], ids=str
)
def test_half_of_the_templates_teach_the_pains_of_the_other_half(texts, language, known):
    own = texts.filter(language=language)
    train = own["template_id"].str.slice(2).cast(pl.Int64).is_in(list(known))
    ngrams = TfidfVectorizer(analyzer="char", ngram_range=(2, 4), sublinear_tf=True)
    features = ngrams.fit_transform(own.filter(train)["text"].to_list())
    unseen = ngrams.transform(own.filter(~train)["text"].to_list())
    scores = []
    for kind in KINDS:
        model = LogisticRegression(C=10, class_weight="balanced", solver="liblinear")
        model.fit(features, own.filter(train)[kind].to_numpy())
        scores.append(f1_score(own.filter(~train)[kind].to_numpy(), model.predict(unseen)))
    assert 0.75 < np.mean(scores) < 0.92, scores
