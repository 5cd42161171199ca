/** What the store warns of. */
@NullMarked
package io.pipelinev2.store.logging;

import org.jspecify.annotations.NullMarked;
